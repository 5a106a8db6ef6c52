/**
 * Runs git on repositories that workers can write to.
 *
 * A repository's own configuration can name programs that git then runs: hooks, file monitors,
 * filters, transports. None of them may run as the dispatcher, outside of the worker's bounds.
 */
import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { systemTimers } from './clock.ts';
import { HostError } from './host-error.ts';

/** How git came out: its standard output, or its exit code and what it complained about. */
export type GitOutcome =
  | { readonly ok: true; readonly output: string }
  | { readonly ok: false; readonly code: number | undefined; readonly detail: string };

/** Runs one git command in a repository and answers how it went. Never rejects. */
export type Git = (repository: string, args: readonly string[]) => Promise<GitOutcome>;

type Setting = readonly [key: string, value: string];

const safeSettings: readonly Setting[] = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['submodule.recurse', 'false'],
  ['gc.auto', '0'],
];

/**
 * Makes the function that runs git; a command that takes longer than `timeoutMs` is killed, and all
 * that it has started.
 */
export function createGit(timeoutMs: number): Git {
  return async (repository, args) => {
    const run = { repository, timeoutMs };
    const filters = await runGit(listFilters, safeSettings, run);
    const noneFound = 1;
    if (!filters.ok && filters.code !== noneFound) {
      return filters;
    }
    const blanked = filters.ok ? blankFilters(filters.output) : [];
    return runGit(args, [...safeSettings, ...blanked], run);
  };
}

/** The output of a git command that has to succeed. Throws `git_failed`. */
export async function mustGit(
  git: Git,
  repository: string,
  args: readonly string[],
): Promise<string> {
  const outcome = await git(repository, args);
  if (!outcome.ok) {
    throw new HostError('git_failed', `git ${args[0]} failed in ${repository}: ${outcome.detail}`, {
      hint: 'run the same command there by hand to see what stands in its way',
    });
  }
  return outcome.output;
}

/** Filters have no common switch: each that the repository itself defines is blanked by name. */
const listFilters = [
  'config',
  '--null',
  '--show-scope',
  '--name-only',
  '--get-regexp',
  '^filter\\..*\\.(clean|smudge|process|required)$',
];

/** Reads pairs of scope and name. Filters of the user's own (git-lfs, say) stay as they are. */
function blankFilters(listed: string): Setting[] {
  const fields = listed.split('\0');
  return fields.flatMap((scope, at): Setting[] => {
    const key = fields[at + 1];
    const isPair = at % 2 === 0 && key !== undefined;
    if (!isPair || (scope !== 'local' && scope !== 'worktree')) {
      return [];
    }
    return [[key, key.endsWith('.required') ? 'false' : '']];
  });
}

/** The longest output that is read, in bytes; git is ended when it says more. */
const outputBytesMax = 16 * 1024 * 1024;

/** git starts others, which would go on when it is killed: so it gets a process group. */
function runGit(
  args: readonly string[],
  settings: readonly Setting[],
  { repository, timeoutMs }: { repository: string; timeoutMs: number },
): Promise<GitOutcome> {
  const git = spawn('git', args, {
    cwd: repository,
    env: { ...safeEnvironment(), ...settingVariables(settings) },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = () => killGroup(git.pid);
  const output = gather(git.stdout, kill);
  const complaint = gather(git.stderr, kill);
  const cancel = systemTimers.after(timeoutMs, kill);
  return new Promise((settle) => {
    const end = (ended: Pick<Failed, 'code' | 'detail'>) => {
      cancel();
      const detail = complaint().trim() || ended.detail;
      settle(ended.code === 0 ? { ok: true, output: output() } : { ok: false, ...ended, detail });
    };
    git.on('error', ({ message }) => end({ code: undefined, detail: message }));
    git.on('close', (code, signal) => {
      const detail = signal === null ? `exit code ${code}` : 'it took too long or said too much';
      end({ code: code ?? undefined, detail });
    });
  });
}

type Failed = Extract<GitOutcome, { ok: false }>;

function killGroup(pid: number | undefined): void {
  if (pid === undefined) {
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // All of it has gone already.
  }
}

/** Reads a stream as it comes; answers what has come so far. */
function gather(stream: Readable, onTooMuch: () => void): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > outputBytesMax) {
      onTooMuch();
    } else {
      chunks.push(chunk);
    }
  });
  return () => Buffer.concat(chunks).toString();
}

/** All that git sees of the dispatcher's environment: no GIT_DIR, no GIT_EXTERNAL_DIFF. */
function safeEnvironment(): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    // No transport at all: nothing here needs one, and its helpers come from the configuration.
    GIT_ALLOW_PROTOCOL: 'none',
  };
}

/** Settings given this way may hold any character, and are not seen in the list of processes. */
function settingVariables(settings: readonly Setting[]): Record<string, string> {
  const pairs = settings.flatMap(([key, value], at) => [
    [`GIT_CONFIG_KEY_${at}`, key] as const,
    [`GIT_CONFIG_VALUE_${at}`, value] as const,
  ]);
  return { GIT_CONFIG_COUNT: String(settings.length), ...Object.fromEntries(pairs) };
}
