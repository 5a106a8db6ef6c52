/**
 * A checkout in miniature, for tests of the tools that work on a whole one: a folder with just the
 * files a test is about, removed when the test ends.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** The checkout these tests belong to. */
export const house = fileURLToPath(new URL('../..', import.meta.url));

/** How a program ended and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that was started. */
export interface Running {
  readonly ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves once it has written the text to stdout or stderr. */
  says(text: string): Promise<void>;
}

/** A folder made for one test. */
export interface Checkout {
  readonly root: string;
  /** Writes files, given by their path below the root. */
  write(files: Readonly<Record<string, string>>): void;
  /** Writes a file that counts as a program. */
  writeProgram(path: string, text: string): void;
  edit(path: string, change: (text: string) => string): void;
  remove(path: string): void;
  /** Copies files or folders of the real checkout to the same place here. */
  borrow(...paths: string[]): void;
  /** Makes the installed packages of the real checkout available here. */
  linkPackages(): void;
  /** Starts a Node program with this folder as its working directory. */
  start(args: readonly string[], env?: NodeJS.ProcessEnv): Running;
}

/** Makes a folder with the given files; the test that is running removes it when it ends. */
export function createCheckout(files: Readonly<Record<string, string>> = {}): Checkout {
  const root = mkdtempSync(join(tmpdir(), 'logboard-house-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const checkout: Checkout = {
    root,
    write: (more) => writeFiles(root, more),
    writeProgram(path, text) {
      writeFiles(root, { [path]: text });
      chmodSync(join(root, path), 0o755);
    },
    edit: (path, change) =>
      writeFileSync(join(root, path), change(readFileSync(join(root, path), 'utf8'))),
    remove: (path) => rmSync(join(root, path), { recursive: true }),
    borrow(...paths) {
      for (const path of paths) cpSync(join(house, path), join(root, path), { recursive: true });
    },
    linkPackages: () => symlinkSync(join(house, 'node_modules'), join(root, 'node_modules')),
    start: (args, env = process.env) => startNode(args, { cwd: root, env }),
  };
  checkout.write(files);
  return checkout;
}

function writeFiles(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

function startNode(
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Running {
  const child = spawn(process.execPath, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text;
      child.emit('said');
    });
  }
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, ...said }));
  return {
    ended,
    kill: (signal) => child.kill(signal),
    async says(text) {
      while (!`${said.stdout}${said.stderr}`.includes(text)) await once(child, 'said');
    },
  };
}
