/** What a remote worker takes from the machine it runs on. */
import type { WorkWanted } from '../app/work-wanted.ts';
import type { Host, KeptArtifacts } from '../dispatcher/ports.ts';
import type { Random } from '../log/ports.ts';

/** The machine: the dispatcher's host, and a little besides. */
export interface RemoteHost
  extends Pick<
    Host,
    'clock' | 'timers' | 'ids' | 'processes' | 'runFiles' | 'workspaces' | 'environment'
  > {
  readonly random: Random;
  /** For people: where the work is done. */
  readonly hostname: string;
  /** A name for a request that is used once. */
  newKey(): string;
  /** Bytes in the file of a program's output; it is cut to nothing when it is too long. */
  outputSize(runId: string): number;
  /** What a program has printed from a place on: a piece of it, none when there is no more. */
  readOutput(runId: string, from: number): Promise<Uint8Array>;
  /** Copies the files of a run's workspace that match; the copies are gone with the run. */
  takeOver(runId: string, workspace: string, patterns: readonly string[]): Promise<KeptArtifacts>;
  /** A file that was taken over from the workspace of a run. */
  readArtifact(runId: string, sha256: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Removes all that a run left on this machine. */
  forgetRun(runId: string): Promise<void>;
}

/** What a remote worker does, as it tells; what it throws is dropped. */
export type Tell = (
  what: 'claimed' | 'spawned' | 'ended' | 'refused' | 'lost' | 'paused' | 'fault',
  facts: Readonly<Record<string, string | number>>,
) => void;

/** What to work on, with the right to. */
export interface WorkOrder extends WorkWanted {
  /** The token of a worker, or of an operator. */
  readonly token: string;
}
