/**
 * The mark of a worker: the id of its run and a secret. It stands in the environment of all of the
 * worker's processes and names its slot, so that whoever finds either knows which run it belongs
 * to.
 */

/** The mark of the worker of a run. */
export function nonceFor(runId: string, secret: string): string {
  return `${runId}.${secret}`;
}

/** The run a mark belongs to. */
export function runIdOf(nonce: string): string {
  return nonce.split('.', 1)[0] ?? '';
}
