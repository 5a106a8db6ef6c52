/** For every verb, a command line that is carried out and one that is refused. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';
import { hireFor } from './a-crew.ts';
import { type CommandLine, commandLine, type Setting } from './command-line.ts';

/** A board with a task, and a task that waits for it. */
export interface Scene {
  readonly cli: CommandLine;
  readonly task: string;
  readonly child: string;
}

/** What is typed, after whatever has to happen before. */
export type Line = (scene: Scene) => Promise<readonly string[]> | readonly string[];

/** How one verb is tried. */
export interface Scenario {
  /** A line that is carried out, and one that is not. */
  readonly done: Line;
  readonly refused: Line;
  /** Further lines that are carried out, each with an answer of its own shape. */
  readonly also?: Readonly<Record<string, Line>>;
  readonly setting?: (scene: Scene) => Setting | Promise<Setting>;
  /** Exit code of the first. */
  readonly exit?: number;
}

const nobody = 'T-0000000000';
const norun = 'R-000000000000';
const elsewhere = ['--board', './nowhere'];

async function claimed({ cli, task }: Scene): Promise<string> {
  const { runId } = await cli.json<{ runId: string }>(['claim', task]);
  return runId;
}

/** Serves the board until the test is over; answers how to work for it. */
async function served({ cli }: Scene): Promise<readonly string[]> {
  const stopping = new AbortController();
  const where = await new Promise<string>((resolve) => {
    const onStdout = (text: string) => {
      const [address] = /http:\/\/127[.:\d]+/.exec(text) ?? [];
      if (address !== undefined) resolve(address);
    };
    const line = ['serve', '--no-dispatch', '--port', '0', '--json'];
    const serving = cli.run(line, { stopped: stopping.signal, onStdout });
    onTestFinished(async () => {
      stopping.abort();
      await serving;
    });
  });
  const token = join(cli.directory, '.logboard', 'http', 'worker.token');
  return ['--url', where, '--token-file', token, '--assignee', 'paint'];
}

/** Lets a dispatcher serve the board for a moment, and start nothing. */
async function dispatched({ cli }: Scene): Promise<readonly string[]> {
  await cli.run(['pause']);
  const stopping = new AbortController();
  const onStdout = () => stopping.abort();
  await cli.run(['serve', '--port', '0'], { stopped: stopping.signal, onStdout });
  return [];
}

async function finished(scene: Scene): Promise<string> {
  await scene.cli.run([
    'complete',
    scene.task,
    '--summary',
    'painted',
    '--metadata',
    '{"coats":2}',
  ]);
  return scene.task;
}

async function exported({ cli }: Scene): Promise<readonly string[]> {
  await cli.run(['audit', 'export', '-o', 'all.audit']);
  return ['audit', 'check', 'all.audit', '--against', '.logboard'];
}

/** Stops the program as soon as it has printed something. */
function stopAfterFirstLine(): Setting {
  return stopAfter('');
}

/** Stops the program as soon as it has printed this. */
function stopAfter(sign: string): Setting {
  const stop = new AbortController();
  const onStdout = (text: string) => text.includes(sign) && stop.abort();
  return { stopped: stop.signal, onStdout };
}

/** By verb. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  init: {
    done: () => ['init', '--board', './other', '--name', 'quay'],
    refused: () => ['init', '--board', 'UPPER'],
  },
  serve: {
    done: async ({ cli, task, child }) => {
      await cli.run(['archive', task, child]);
      return ['serve', '--socket', 'door.sock'];
    },
    refused: () => ['serve', '--max-running', '0'],
    setting: () => stopAfter('started'),
  },
  boards: { done: () => ['boards'], refused: () => ['boards', 'extra'] },
  doctor: { done: () => ['doctor'], refused: () => ['doctor', '--board', 'a\0b'] },
  config: {
    done: () => ['config', 'get', 'claimTtlMs'],
    refused: () => ['config', 'get', 'claimTtl'],
  },
  completion: { done: () => ['completion', 'fish'], refused: () => ['completion', 'tcsh'] },
  version: { done: () => ['version'], refused: () => ['version', '--verbose'] },
  create: {
    done: ({ task }) => [
      'create',
      'Caulk the deck',
      '--parent',
      task,
      '--tenant',
      'harbour',
      '--priority',
      '3',
      '--skill',
      'caulking',
      '--body',
      'All of it.',
    ],
    refused: () => ['create', 'Caulk the deck', '--parent', nobody],
  },
  edit: {
    done: ({ task }) => ['edit', task, '--title', 'Paint the whole hull', '--priority', '7'],
    refused: ({ task }) => ['edit', task, '--summary', 'too early'],
  },
  assign: {
    done: ({ task }) => ['assign', task, 'docks'],
    refused: () => ['assign', nobody, 'docks'],
  },
  reassign: {
    done: async (scene) => {
      await claimed(scene);
      return ['reassign', scene.task, 'docks', '--reclaim'];
    },
    refused: async (scene) => {
      await claimed(scene);
      return ['reassign', scene.task, 'docks'];
    },
  },
  link: {
    done: async ({ cli, child }) => ['link', await cli.create('Rig'), child],
    refused: ({ task, child }) => ['link', child, task],
  },
  unlink: {
    done: ({ task, child }) => ['unlink', task, child],
    refused: ({ task }) => ['unlink', task, nobody],
  },
  comment: {
    done: ({ task }) => ['comment', task, 'two', 'coats'],
    refused: ({ task }) => ['comment', task, ' '],
  },
  schedule: {
    done: ({ task }) => ['schedule', task, '--at', '2h'],
    refused: async (scene) => ['schedule', await finished(scene), '--at', '2h'],
  },
  promote: {
    done: ({ child }) => ['promote', child, '--force'],
    refused: ({ child }) => ['promote', child],
  },
  unblock: {
    done: async ({ cli, task }) => {
      await cli.run(['block', task, 'no paint']);
      return ['unblock', task];
    },
    refused: ({ task }) => ['unblock', task],
  },
  review: {
    done: async (scene) => {
      await scene.cli.run(['complete', '--run', await claimed(scene), '--review']);
      return ['review', scene.task, '--reject', '--reason', 'it drips'];
    },
    refused: ({ task }) => ['review', task, '--approve'],
  },
  reopen: {
    done: async (scene) => ['reopen', await finished(scene)],
    refused: ({ task }) => ['reopen', task],
  },
  archive: {
    done: ({ task }) => ['archive', task],
    refused: ({ task }) => ['archive', '--rm', task],
  },
  forget: {
    done: async ({ cli }) => {
      const environment = { LOGBOARD_PRIVACY_ENCRYPT: 'true' };
      const { id } = await cli.json<{ id: string }>(['create', 'Ask Anna'], { environment });
      return ['forget', id, '--reason', 'she asked for it', '--yes'];
    },
    refused: ({ task }) => ['forget', task, '--yes'],
  },
  claim: { done: ({ task }) => ['claim', task], refused: ({ child }) => ['claim', child] },
  guard: {
    done: () => ['guard'],
    refused: () => ['guard', 'extra'],
    setting: async ({ cli, task }) => (await hireFor(cli, task)).given,
  },
  heartbeat: {
    done: async (scene) => [
      'heartbeat',
      '--run',
      await claimed(scene),
      '--note',
      'first coat',
      '--progress',
      '40%',
    ],
    refused: () => ['heartbeat', '--run', norun],
  },
  complete: {
    done: async (scene) => ['complete', '--run', await claimed(scene), '--summary', 'painted'],
    refused: async (scene) => {
      const runId = await claimed(scene);
      await scene.cli.run(['reclaim', scene.task]);
      return ['complete', '--run', runId, '--summary', 'late'];
    },
  },
  block: {
    done: ({ task }) => ['block', task, 'no paint'],
    refused: async (scene) => ['block', await finished(scene), 'no paint'],
  },
  release: {
    done: async (scene) => ['release', '--run', await claimed(scene)],
    refused: ({ task }) => ['release', task],
  },
  reclaim: {
    done: async (scene) => {
      await claimed(scene);
      return ['reclaim', scene.task, 'asleep'];
    },
    refused: ({ task }) => ['reclaim', task],
  },
  context: { done: ({ task }) => ['context', task], refused: () => ['context', nobody] },
  list: { done: () => ['list'], refused: () => ['list', '--status', 'redy'] },
  show: {
    done: async (scene) => {
      await scene.cli.run(['comment', await finished(scene), 'well done']);
      return ['show', scene.task];
    },
    refused: () => ['show', nobody],
  },
  search: { done: () => ['search', 'hull'], refused: () => ['search', 'hull', ...elsewhere] },
  runs: {
    done: async (scene) => {
      await finished(scene);
      return ['runs', scene.task];
    },
    refused: () => ['runs', nobody],
  },
  log: {
    done: async (scene) => {
      await finished(scene);
      return ['log', scene.task];
    },
    refused: ({ task }) => ['log', task],
  },
  timeline: { done: ({ task }) => ['timeline', task], refused: () => ['timeline', nobody] },
  replay: {
    done: async (scene) => ['replay', '--from', '1', '--task', await finished(scene)],
    refused: () => ['replay', '--from', '4711'],
  },
  diff: {
    done: async (scene) => {
      await finished(scene);
      return ['diff', '--at', '2'];
    },
    refused: () => ['diff', '--at', '3', '--at', '2'],
  },
  tail: {
    done: ({ task }) => ['tail', task, '-n', '1'],
    refused: () => ['tail', nobody],
    setting: stopAfterFirstLine,
    exit: 130,
  },
  watch: {
    done: () => ['watch', '--after', '0', '--kinds', 'BoardCreated'],
    refused: () => ['watch', '--kinds', 'TaskDon'],
    setting: stopAfterFirstLine,
    exit: 130,
  },
  events: { done: () => ['events', '--limit', '1'], refused: () => ['events', '--after', '-1'] },
  diagnostics: {
    done: async ({ cli }) => {
      await cli.create('Gild the bow', '--assignee', 'paints');
      return ['diagnostics'];
    },
    refused: () => ['diagnostics', nobody],
  },
  whatif: {
    done: async (scene) => {
      await claimed(scene);
      return ['whatif', '--claim-ttl', '30s,2m'];
    },
    refused: () => ['whatif', '--claim-ttl', '10m..30s'],
  },
  why: {
    done: async (scene) => {
      await scene.cli.run(['complete', '--run', await claimed(scene), '--review']);
      return ['why', scene.task];
    },
    refused: () => ['why', nobody],
  },
  incident: {
    done: ({ task }) => ['incident', 'save', '--around', task, '-o', 'incident.jsonl'],
    refused: () => ['incident', 'save', '--around', nobody],
  },
  work: {
    done: async (scene) => ['work', ...(await served(scene)), '--once', 'echo', 'painted'],
    refused: () => ['work', '--url', 'ftp://quay', '--assignee', 'paint', '--token-file', 't', 'x'],
  },
  'sign-in': {
    done: async (scene) => {
      await served(scene);
      return ['sign-in', '--role', 'reader'];
    },
    refused: () => ['sign-in'],
  },
  stats: { done: () => ['stats'], refused: () => ['stats', ...elsewhere] },
  assignees: { done: () => ['assignees'], refused: () => ['assignees', ...elsewhere] },
  dispatchers: {
    done: async (scene) => ['dispatchers', '--all', ...(await dispatched(scene))],
    refused: () => ['dispatchers', ...elsewhere],
    also: { none: () => ['dispatchers'] },
  },
  hosts: {
    done: async (scene) => ['hosts', '--all', ...(await dispatched(scene))],
    refused: () => ['hosts', ...elsewhere],
    also: { none: () => ['hosts'] },
  },
  dispatch: { done: () => ['dispatch', '--dry-run'], refused: () => ['dispatch', ...elsewhere] },
  pause: { done: () => ['pause', '--reason', 'storm'], refused: () => ['pause', ...elsewhere] },
  resume: { done: () => ['resume'], refused: () => ['resume', ...elsewhere] },
  verify: {
    done: () => ['verify'],
    refused: () => ['verify', ...elsewhere],
    also: { since: () => ['verify', '--since', '2'] },
  },
  audit: {
    done: () => ['audit', 'export', '-o', 'all.audit'],
    also: { check: exported },
    refused: () => ['audit', 'export', '--to', '4711'],
  },
  rebuild: { done: () => ['rebuild'], refused: () => ['rebuild', ...elsewhere] },
  backup: {
    done: () => ['backup', 'copy.db'],
    refused: async ({ cli }) => {
      await cli.run(['backup', 'copy.db']);
      return ['backup', 'copy.db'];
    },
  },
  restore: {
    done: async ({ cli }) => {
      await cli.run(['backup', 'copy.db']);
      return ['restore', 'copy.db', '--board', './recovered'];
    },
    refused: async ({ cli }) => {
      await cli.run(['backup', 'copy.db']);
      return ['restore', 'copy.db'];
    },
  },
  copy: {
    done: () => ['copy', '--from', './.logboard', '--to', './moved'],
    refused: () => ['copy', '--from', './nowhere', '--to', './moved'],
  },
  gc: {
    done: () => ['gc', '--archive', '--older-than', '1d'],
    refused: () => ['gc', '--older-than', 'yesterday'],
  },
};

/** Makes the board that every scene begins with; answers how to begin one. */
export async function openStage(): Promise<() => Scene> {
  const cli = commandLine(mkdtempSync(join(tmpdir(), 'logboard-')));
  afterAll(() => rmSync(cli.directory, { recursive: true, force: true }));
  writeFileSync(
    join(cli.directory, 'logboard.yaml'),
    'workers:\n  paint: { run: [sh, -c, "echo wet"], onExit: { 0: complete } }\n',
  );
  await cli.run(['init', '--name', 'harbour']);
  const task = await cli.create('Paint the hull', '--assignee', 'paint');
  const child = await cli.create('Launch', '--parent', task);
  return () => {
    const scene = commandLine();
    cpSync(cli.directory, scene.directory, { recursive: true, verbatimSymlinks: true });
    return { cli: scene, task, child };
  };
}
