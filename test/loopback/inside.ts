/** What the parts of a loopback node know of it and of each other. */
import type { Metadata } from '@grpc/grpc-js';
import type { AppendFault, Faults } from './faults.ts';
import type { Refused } from './messages.ts';
import type { Store } from './store.ts';

/** A subscription that can be made to end. */
export interface Subscriber {
  /** The connection breaks. */
  reset(): void;
  /** The server ends it without an error. */
  end(): void;
  /** It stays open, and nothing comes over it any more. */
  mute(): void;
}

/** What the parts of a node know of it. */
export interface Node {
  readonly store: Store;
  readonly faults: Faults;
  readonly subscribers: { add(subscriber: Subscriber): () => void };
  /** Wall clock of the node, UTC ms. */
  nowMs(): number;
  /** Why a call is not taken; undefined when it is. */
  refusalOf(metadata: Metadata, what: 'write' | 'stream' | 'all'): Refused | undefined;
  /** What is to happen to the next append to a stream, once. */
  takeAppendFault(stream: string): AppendFault | undefined;
  pointToLeader(): Refused;
  /** Breaks the connection over which a call came. */
  drop(call: { getPeer(): string }): void;
  /** Does something `lateMs` from now, unless the node is closed by then. */
  later(fn: () => void): void;
}
