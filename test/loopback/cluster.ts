/** Several loopback nodes over one store, of which one is the leader. */
import { host } from './connections.ts';
import type { Member } from './gossip.ts';
import { type Loopback, startLoopback } from './node.ts';
import { createStore } from './store.ts';

/** A running cluster. */
export interface LoopbackCluster {
  readonly nodes: readonly Loopback[];
  /** Connection string that names all nodes, which makes the client ask who leads. */
  readonly url: string;
  /** Another node leads from now on, as its number; -1 for none. */
  lead(index: number): void;
  close(): Promise<void>;
}

/** Starts a cluster of that many nodes; the first one leads. */
export async function startCluster(size: number): Promise<LoopbackCluster> {
  const store = createStore(() => Date.now());
  const nodes: Loopback[] = [];
  let leader = 0;
  const members = (): readonly Member[] =>
    nodes.map(({ port }, index) => {
      return { host, port, isLeader: index === leader, isAlive: true };
    });
  for (let count = 0; count < size; count += 1) nodes.push(await startLoopback({ store, members }));
  return {
    nodes,
    url: `esdb://${nodes.map(({ port }) => `${host}:${port}`).join(',')}?tls=false`,
    lead: (index) => {
      leader = index;
    },
    async close() {
      await Promise.all(nodes.map((node) => node.close()));
    },
  };
}
