/** The machine of a remote worker: a dispatcher's host, with a place for each board elsewhere. */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { artifactPath, collectArtifacts } from '../host/artifacts.ts';
import { openDispatcherHost } from '../host/dispatcher-host.ts';
import { runDirectory } from '../host/run-directory.ts';
import { readAt } from '../host/run-log.ts';
import { artifactLimits, artifactStore } from '../host/workspaces.ts';
import type { RemoteHost } from '../remote/ports.ts';
import { createRemains } from './remote-remains.ts';

/** What it takes from the machine. */
export interface RemoteHostParts {
  /** The home directory; see `host/home.ts`. */
  readonly home: string;
  /** What programs inherit a part of. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Stands in where a task names no directory of its own, and no repository. */
  readonly directory: string;
  newKey(): string;
  /**
   * Time between TERM and KILL for programs whose remote worker was killed, in ms: no other can
   * take up their runs.
   */
  readonly orphanGraceMs: number;
}

/** Most output that is sent at once, in bytes. */
const pieceBytes = 256 * 1024;

/** Opens it. What is worked on for a board elsewhere stands in a directory of its own. */
export async function openRemoteHost(
  { home, environment, directory, newKey, orphanGraceMs }: RemoteHostParts,
  url: string,
  onError: (problem: unknown) => void,
): Promise<{ host: RemoteHost; close: () => void }> {
  const name = createHash('sha256').update(new URL(url).host).digest('hex').slice(0, 16);
  const place = join(home, 'remote', name);
  const projectDirectory = directory;
  const host = await openDispatcherHost({
    home,
    boardDirectory: place,
    environment,
    capabilities: [],
    projectDirectory,
    orphanGraceMs,
    onError,
  });
  const remains = createRemains({ ...host, place, onError });
  await remains.sweep();
  const logOf = (runId: string) => runDirectory(place, runId).log;
  // The board keeps what is handed in: a store here, of all runs together, would only grow.
  const storeOf = (runId: string) => artifactStore(runDirectory(place, runId).path);
  const remote: RemoteHost = {
    ...host,
    random: Math.random,
    hostname: hostname(),
    newKey,
    outputSize: (runId) => statSync(logOf(runId), { throwIfNoEntry: false })?.size ?? 0,
    readOutput: (runId, from) => readAt(logOf(runId), from, pieceBytes),
    takeOver: (runId, workspace, patterns) =>
      collectArtifacts({ workspace, patterns, store: storeOf(runId), limits: artifactLimits }),
    readArtifact: async (runId, sha256) =>
      new Uint8Array(await readFile(artifactPath(storeOf(runId), sha256))),
    runFiles: { ...host.runFiles, plan: remains.plan },
    forgetRun: remains.forgetRun,
  };
  return { host: remote, close: () => host.close() };
}
