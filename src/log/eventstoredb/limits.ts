/** How long a cluster may take. */

/** How long things may take, ms. */
export interface ClusterLimits {
  /** All of one append, its repeats included. */
  readonly appendMsMax: number;
  /** One try of one write. The server itself gives up after 2 s. */
  readonly tryMsMax: number;
  /** Until a stored event has arrived, before it is fetched. */
  readonly arrivalMsMax: number;
  /** Until the end of the cluster is looked at because nothing comes. */
  readonly silentMsMax: number;
}

/** Limits that suit a cluster on one continent. */
export const clusterLimits: ClusterLimits = {
  appendMsMax: 10_000,
  tryMsMax: 3_000,
  arrivalMsMax: 250,
  silentMsMax: 5_000,
};
