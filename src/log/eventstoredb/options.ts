/** How a board on a cluster is opened, and how long a cluster may take. */
import type { Trouble } from './fault.ts';

/** How long things may take, ms. */
export interface ClusterLimits {
  /** One write of an append, its repeats included. */
  readonly appendMsMax: number;
  /** One try of one write. The server itself gives up after 2 s. */
  readonly tryMsMax: number;
  /** Until a stored event has arrived, before it is fetched. */
  readonly arrivalMsMax: number;
  /** Until the end of the cluster is looked at because nothing comes. */
  readonly silentMsMax: number;
  /** Opening, while the cluster cannot be reached. */
  readonly openMsMax: number;
}

/** Limits that suit a cluster on one continent. */
export const clusterLimits: ClusterLimits = {
  appendMsMax: 10_000,
  tryMsMax: 3_000,
  arrivalMsMax: 250,
  silentMsMax: 5_000,
  openMsMax: 3_000,
};

/** How to open it. */
export interface ClusterLogOptions {
  /** `read` creates nothing on the cluster and takes no appends. Default `write`. */
  readonly mode?: 'write' | 'read';
  /** Whether a board may begin where there is none; only for `write`. Default true. */
  readonly create?: boolean;
  readonly limits?: Partial<ClusterLimits>;
  /** Hears of trouble that is being waited out. */
  onTrouble?(trouble: Trouble): void;
}
