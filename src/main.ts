/**
 * The composition root: the only file that knows every concrete part.
 *
 * Parts are loaded where they are needed, so that a command that reads a list pays for nothing but
 * reading a list.
 */
import { readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Board } from './app/board.ts';
import type { OpenRequest, Root } from './cli/root.ts';
import type { Policy } from './domain/policy.ts';
import { systemClock, systemTimers } from './host/clock.ts';
import { logboardHome } from './host/home.ts';
import { createIds, hashToken, randomBytes } from './host/ids.ts';
import { runDirectory } from './host/run-directory.ts';
import { onStopSignals } from './host/signals.ts';
import { type Terminal, terminalOf } from './host/terminal.ts';
import type { FollowTrouble } from './log/follow.ts';
import { formatKnown } from './log/sqlite/format.ts';
import { seeBoard } from './main/see-board.ts';

/** What the program finds around it. */
export interface World {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The working directory, absolute. */
  readonly directory: string;
  readonly userHome: string;
}

/** This release; a test compares it with `package.json`. */
export const programVersion = '0.1.0';

const ids = createIds({ clock: systemClock, randomBytes });

/** What the log and its copies take from the machine. */
const logDeps = {
  clock: systemClock,
  timers: systemTimers,
  random: Math.random,
  newEpoch: () => ids.commandId(),
  randomBytes,
};

/**
 * Opens the board in a directory; without the `home` of this host, only the log tells of its
 * dispatchers. Rejects with the fault of whichever part could not be opened.
 */
export async function openBoardAt(
  directory: string,
  { policy, onRebuild, home, ...request }: OpenRequest & { readonly home?: string },
): Promise<Board> {
  const [{ openBoardLog }, { openProjections }, { createBoard }, { derivedTaskId }, host] =
    await Promise.all([
      import('./main/board-log.ts'),
      import('../projections/run.ts'),
      import('./app/board.ts'),
      import('./app/derived-id.ts'),
      import('./host/dispatcher-probe.ts'),
    ]);
  const log = await openBoardLog(directory, request, logDeps);
  try {
    const projections = await openProjections({
      log,
      path: directory,
      timers: systemTimers,
      ...(onRebuild === undefined ? {} : { onProgress: onRebuild }),
    });
    const taskId = (key?: string, round = 0) =>
      key === undefined ? ids.taskId() : derivedTaskId(key, round);
    return createBoard({
      log,
      projections,
      clock: systemClock,
      ids: { ...ids, taskId },
      ...(policy === undefined ? {} : { policy: inForce(policy) }),
      ...(home === undefined ? {} : { probeDispatcher: host.createDispatcherProbe(home) }),
    });
  } catch (error) {
    await log.close();
    throw error;
  }
}

function inForce(policy: NonNullable<OpenRequest['policy']>): () => Policy {
  return typeof policy === 'function' ? policy : () => policy;
}

/** Everything the command line needs, made of the real parts. */
export function createRoot(world: World): Root {
  const { environment, directory: here, userHome } = world;
  const home = logboardHome(environment, userHome);
  const loadConfig: Root['loadConfig'] = async (file, flags = {}) => {
    const { loadConfig: load } = await import('./config.ts');
    return load({ environment, directory: here, file, flags });
  };
  const upkeep: Root['upkeep'] = async () => {
    const { createUpkeep } = await import('./main/upkeep.ts');
    const machine = { home, environment, directory: here, log: logDeps, programVersion };
    return createUpkeep({ ...machine, loadConfig });
  };
  return {
    version: programVersion,
    nodeVersion: process.versions.node,
    logFormat: formatKnown,
    home,
    hostname: hostname(),
    clock: systemClock,
    timers: systemTimers,
    hasBoard,
    seeBoard: (directory) => seeBoard(directory),
    openBoard: (directory, request) =>
      openBoardAt(directory, { home, log: environment['LOGBOARD_LOG'] || undefined, ...request }),
    loadConfig,
    liveConfig: async (first, flags) => {
      const { openLiveConfig } = await import('./main/open-live-config.ts');
      return openLiveConfig(first, { environment, directory: here, flags });
    },
    openIncident: async (file, onProgress) => {
      const { openIncident } = await import('./app/incident/incident-board.ts');
      return openIncident(file, systemTimers, onProgress);
    },
    readTokenHash,
    keepArtifacts,
    follow,
    readRunLog,
    followRunLog,
    upkeep,
    openDoor: async (place, where) => {
      const [{ openBoardDoor }, { createNeighbours }, { forgetsFor }] = await Promise.all([
        import('./main/door.ts'),
        import('./main/neighbours.ts'),
        import('./main/forget/through-door.ts'),
      ]);
      const neighbours = createNeighbours(home, hasBoard);
      const forget = forgetsFor(place, upkeep);
      return openBoardDoor({ ...place, version: programVersion, forget }, where, neighbours);
    },
    work: async (order, around) => {
      const { createRemoteWork } = await import('./main/work.ts');
      return createRemoteWork({ ...world, home, newKey: ids.commandId })(order, around);
    },
    signIn: async (boardDirectory, role) => {
      const { createSignIn } = await import('./main/sign-in.ts');
      return createSignIn(home)(boardDirectory, role);
    },
    quarantine: async (boardDirectory) => {
      const { quarantineLog } = await import('./log/sqlite/quarantine.ts');
      return quarantineLog(boardDirectory);
    },
    fleet: async () => {
      const { createFleet } = await import('./main/fleet.ts');
      const newDispatcherId = () => `${hostname()}-${ids.nonce().slice(0, 8)}`;
      return createFleet({ ...world, home, programVersion, newDispatcherId });
    },
  };
}

/** Nobody who looks for boards in many places is stopped by one that may not be read. */
function hasBoard(directory: string): boolean {
  try {
    return seeBoard(directory);
  } catch {
    return false;
  }
}

/** No token is longer, in bytes. */
const tokenBytesMax = 1_024;

/** Anything but a small plain file is no token: a pipe or a device might never end. */
function readTokenHash(file: string): string | undefined {
  try {
    const found = statSync(file);
    if (!found.isFile() || found.size > tokenBytesMax) return undefined;
    return hashToken(readFileSync(file, 'utf8').trim());
  } catch {
    return undefined;
  }
}

const keepArtifacts: Root['keepArtifacts'] = async (directory, { workspace, paths }) => {
  const { createWorkspaces } = await import('./host/workspaces.ts');
  const workspaces = createWorkspaces({ boardDirectory: directory, projectDirectory: workspace });
  const { collected, skipped } = await workspaces.keep(workspace, paths);
  const kept = collected.map(({ path, sha256, sizeBytes }) => ({
    name: path,
    sha256,
    bytes: sizeBytes,
  }));
  return { kept, skipped };
};

const follow: Root['follow'] = async function* (log, following) {
  const { followPages } = await import('./log/follow.ts');
  const { onTrouble, ...wanted } = following;
  yield* followPages(log, {
    ...logDeps,
    ...wanted,
    onTrouble: (trouble) => onTrouble(inWords(trouble)),
  });
};

function inWords(trouble: FollowTrouble): string {
  if (trouble.kind === 'lagging') {
    const { cursor, head, stillForMs } = trouble;
    return `still at ${cursor} of ${head} after ${Math.round(stillForMs / 1_000)} s`;
  }
  const { error, retryInMs } = trouble;
  const found = error instanceof Error ? error.message : String(error);
  return `cannot read the log: ${found}; trying again in ${retryInMs} ms`;
}

/** Most of a run's output that is read at once, in bytes. */
const outputBytesMax = 64 * 1024 * 1024;

const readRunLog: Root['readRunLog'] = async (directory, runId, { tail }) => {
  const { readLogTail } = await import('./host/run-log.ts');
  const lines = tail === undefined ? {} : { linesMax: tail };
  return readLogTail(runDirectory(directory, runId), { bytesMax: outputBytesMax, ...lines });
};

/** How often a growing log is looked at, in ms. */
const outputEveryMs = 100;

const followRunLog: Root['followRunLog'] = async function* (directory, runId, { signal, tail }) {
  const { followRunLog: followOutput, readLogTail } = await import('./host/run-log.ts');
  const options = { timers: systemTimers, signal, everyMs: outputEveryMs };
  if (tail === undefined) {
    yield* followOutput(runDirectory(directory, runId), options);
    return;
  }
  const files = runDirectory(directory, runId);
  const limits = { bytesMax: outputBytesMax, linesMax: tail };
  const { text, end } = await readLogTail(files, limits);
  yield { text, afterGap: false };
  yield* followOutput(files, { ...options, from: end });
};

/** The terminal that somebody sits at, if there is one. */
export function processTerminal(): Terminal | undefined {
  return terminalOf(process);
}

let stopped: AbortController | undefined;

/** Aborted by the first SIGINT, SIGTERM or SIGHUP; the second ends the program at once. */
export function stopSignal(): AbortSignal {
  if (stopped === undefined) {
    const first = new AbortController();
    onStopSignals(process, { stop: () => first.abort(), exit: (code) => process.exit(code) });
    stopped = first;
  }
  return stopped.signal;
}
