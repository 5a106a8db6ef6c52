/**
 * The cluster log: a board on EventStoreDB or KurrentDB behind the port every engine implements.
 *
 * Appends go to the cluster; reads come from a replica on this host, which is filled in the order
 * of the cluster. So positions, hashes and everything that is made of them are the same on every
 * host, and whatever can be done with an embedded log can be done with a replica.
 */
import { checkWrites } from '../check.ts';
import { logClosed } from '../closed.ts';
import {
  type EventLog,
  LogDamaged,
  LogUnavailable,
  type ReadAllOptions,
  type ReadStreamOptions,
  type StreamWrite,
} from '../event-log.ts';
import { openedForReading } from '../sqlite/assess.ts';
import type { Replica } from '../sqlite/replica.ts';
import type { Append } from './append.ts';
import type { Connection } from './connection.ts';
import type { Feed } from './feed.ts';
import type { Tail } from './tail.ts';

/** The parts of a cluster log. */
export interface ClusterLogParts {
  readonly connection: Connection;
  readonly replica: Replica;
  readonly tail: Tail;
  readonly feed: Feed;
  readonly append: Append;
  /** Whether it was opened for appends. */
  readonly canWrite: boolean;
}

/** A cluster log from its opening to its closing. */
export class ClusterLog implements EventLog {
  readonly epoch: string;
  readonly atomic = false;
  readonly #parts: ClusterLogParts;
  readonly #underWay = new Set<Promise<unknown>>();
  #refused: LogUnavailable | LogDamaged | undefined;
  #closed: Promise<void> | undefined;

  constructor(parts: ClusterLogParts) {
    this.#parts = parts;
    this.epoch = parts.replica.log.epoch;
    this.#refused = parts.canWrite ? undefined : openedForReading();
  }

  /** What keeps the replica from being what the cluster is: nothing is taken any more. */
  refuse(fault: unknown): void {
    if (fault instanceof LogDamaged || fault instanceof LogUnavailable) this.#refused ??= fault;
  }

  async append(writes: readonly StreamWrite[]) {
    this.#refuseWhenClosed();
    checkWrites(writes);
    const refused = this.writingRefused();
    if (refused !== undefined) throw refused;
    const result = this.#parts.append(writes);
    this.#underWay.add(result);
    const leave = () => this.#underWay.delete(result);
    result.then(leave, leave);
    return result;
  }

  readStream(stream: string, options?: ReadStreamOptions) {
    return this.#read((log) => log.readStream(stream, options));
  }

  readAll(options?: ReadAllOptions) {
    return this.#read((log) => log.readAll(options));
  }

  head() {
    return this.#read((log) => log.head());
  }

  hashAt(position: number) {
    return this.#read((log) => log.hashAt(position));
  }

  hashBefore(position: number) {
    return this.#read((log) => log.hashBefore(position));
  }

  onHint(listener: () => void) {
    this.#refuseWhenClosed();
    return this.#parts.tail.onGrown(listener);
  }

  behindMs() {
    return this.#parts.feed.behindMs();
  }

  writingRefused() {
    return this.#refused ?? this.#parts.replica.log.writingRefused();
  }

  close() {
    this.#closed ??= this.#drainAndClose();
    return this.#closed;
  }

  /** Whatever has arrived can be read. */
  async #read<T>(read: (log: EventLog) => Promise<T>): Promise<T> {
    this.#refuseWhenClosed();
    await this.#parts.tail.flush();
    this.#refuseWhenClosed();
    return read(this.#parts.replica.log);
  }

  async #drainAndClose(): Promise<void> {
    const { connection, replica, tail, feed } = this.#parts;
    await Promise.allSettled(this.#underWay);
    await feed.stop();
    tail.close(logClosed());
    await tail.flush().catch(() => {});
    await connection.release();
    await replica.log.close();
  }

  #refuseWhenClosed(): void {
    if (this.#closed !== undefined) throw logClosed();
  }
}
