/** The doctor's look at the machine: programs, places, configuration. */
import { existsSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { Finding } from '../cli/upkeep.ts';
import type { Config } from '../config.ts';
import { findProgram, isRelative } from '../host/find-program.mjs';
import { firstProcessWarning } from '../host/signals.ts';
import { bad, look, ok, warn } from './finding.ts';

/** What is looked at. */
export interface Machine {
  /** The home directory of Logboard. */
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The working directory. */
  readonly directory: string;
  loadConfig(): Promise<Config>;
}

/** Older ones lack what we use; see `engines` in package.json. */
const oldestNode = [20, 19] as const;

/** Looks at the machine. */
export async function* diagnoseMachine(machine: Machine): AsyncGenerator<Finding> {
  yield node(process.versions.node);
  yield await look('sqlite', sqlite);
  const warning = firstProcessWarning(process.pid);
  if (warning !== undefined) yield warn('process', warning, 'See docs/containers.md.');
  yield await look('home', () => home(machine.home));
  yield* configuration(machine);
}

function node(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = oldestNode;
  const isOld = major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
  if (!isOld) return ok('node', version);
  return bad('node', `${version} is too old`, `Install Node ${oldestNode.join('.')} or newer.`);
}

/** The version gate itself stands where databases are opened. */
function sqlite(): Finding {
  const db = new Database(':memory:');
  try {
    return ok('sqlite', `${db.prepare('SELECT sqlite_version()').pluck().get()}`);
  } finally {
    db.close();
  }
}

function home(path: string): Finding {
  if (!existsSync(path)) return ok('home', `${path} is made when it is needed`);
  const writableByOthers = (statSync(path).mode & 0o022) !== 0;
  if (!writableByOthers) return ok('home', path);
  return bad('home', `${path} can be written by other users`, `Run: chmod 700 ${path}`);
}

async function* configuration(machine: Machine): AsyncGenerator<Finding> {
  let config: Config | undefined;
  yield await look('config', async () => {
    config = await machine.loadConfig();
    return ok('config', config.file ?? 'no logboard.yaml: defaults');
  });
  for (const warning of config?.warnings ?? []) {
    yield warn('config', warning, 'Correct the variable, or take it out of the environment.');
  }
  for (const [assignee, definition] of Object.entries(config?.workers ?? {})) {
    yield worker(assignee, definition.run[0] ?? '', machine);
  }
}

function worker(assignee: string, program: string, { environment, directory }: Machine): Finding {
  const check = `worker ${assignee}`;
  if (isRelative(program)) {
    return warn(
      check,
      `“${program}” is looked for in the workspace of each run, which may be an empty one`,
      'Write its whole path, unless it stands in the workspaces that tasks name.',
    );
  }
  const where = { cwd: directory, searchPath: environment['PATH'] ?? '' };
  const path = findProgram(program, where);
  if (path !== undefined) return ok(check, path);
  return warn(
    check,
    `there is no program “${program}”`,
    'Its tasks will fail to start: install it.',
  );
}
