/** An open embedded log: its parts put together, and what belongs to its lifetime. */
import { attempt, untilFree } from '../../sqlite/attempt.ts';
import { logClosed } from '../closed.ts';
import type {
  EventLog,
  Position,
  ReadAllOptions,
  ReadStreamOptions,
  StoredEvent,
  StreamWrite,
} from '../event-log.ts';
import { backupDatabase } from './backup.ts';
import { type Breathe, createBreathe } from './breathe.ts';
import { GroupCommit } from './group-commit.ts';
import { type FileGuard, startFileGuard } from './guard.ts';
import type { Opened } from './opened.ts';
import { createReader, type Reader } from './read.ts';
import { createSealing, type Sealing } from './sealing.ts';
import {
  type ChainReport,
  damageOf,
  type OnProgress,
  type VerifyOptions,
  verifyChain,
} from './verify.ts';
import { createWake, type Wake } from './wake.ts';

/** The embedded log: the port, and what only a file can do. */
export interface SqliteLog extends EventLog {
  /** The hash that the event at a position was appended to, in hex; undefined without event. */
  hashBefore(position: Position): Promise<string | undefined>;
  /** Verifies the hash chain beside everything else. Damage that it finds stops appends. */
  verifyChain(options?: VerifyOptions): Promise<ChainReport>;
  /** Copies the log as it stands to `toPath`, which must not exist. `onProgress` counts pages. */
  backup(toPath: string, onProgress?: OnProgress): Promise<void>;
}

/** How long a read waits while somebody recovers the log after a crash. */
const readWaitMsMax = 10_000;

/** A log from its opening to its closing. */
export class OpenLog implements SqliteLog {
  readonly epoch: string;
  readonly atomic = true;
  readonly #log: Opened;
  readonly #reader: Reader;
  readonly #breathe: Breathe;
  readonly #guard: FileGuard;
  readonly #wake: Wake;
  readonly #commits: GroupCommit;
  readonly #sealing: Sealing;
  #closed: Promise<void> | undefined;

  constructor(log: Opened) {
    this.epoch = log.epoch;
    this.#log = log;
    this.#reader = createReader(log.db, log.condition.damagedFrom);
    this.#breathe = createBreathe(log);
    this.#wake = createWake(log);
    this.#guard = startFileGuard(log);
    this.#commits = new GroupCommit(log, this.#guard, () => this.#wake.announce());
    this.#sealing = createSealing(log, async (stream) => {
      const [first] = await this.#read(() => this.#reader.readStream(stream, { limit: 1 }));
      return first;
    });
  }

  async append(writes: readonly StreamWrite[]) {
    this.#refuseWhenClosed();
    return this.#sealing.append(writes, (sealed) => this.#commits.append(sealed));
  }

  async readStream(stream: string, options: ReadStreamOptions = {}) {
    const events = await this.#read(() => this.#reader.readStream(stream, options));
    return options.asStored ? events : this.#sealing.open(events);
  }

  async readAll(options: ReadAllOptions = {}) {
    const events = await this.#read(() => this.#reader.readAll(options));
    return options.asStored ? events : this.#sealing.open(events);
  }

  head() {
    return this.#read(() => this.#reader.head());
  }

  hashAt(position: number) {
    return this.#read(() => this.#reader.hashAt(position));
  }

  hashBefore(position: Position) {
    return this.#read(() => this.#reader.hashBefore(position));
  }

  onHint(listener: () => void) {
    this.#refuseWhenClosed();
    return this.#wake.listen(listener);
  }

  writingRefused() {
    return this.#log.condition.writingRefused();
  }

  async verifyChain(options: VerifyOptions = {}) {
    this.#refuseUnreadable();
    const { onVerified: tell = () => {}, ...wanted } = options;
    const onVerified = async (events: readonly StoredEvent[]) =>
      tell(await this.#sealing.open(events));
    const report = await this.#onAnotherConnection('verify the log', (db) =>
      verifyChain(db, { ...wanted, onVerified }, this.#breathe),
    );
    if (report.problem !== undefined) {
      this.#log.condition.refuseWriting(damageOf(report.problem));
    }
    return report;
  }

  async backup(toPath: string, onProgress?: OnProgress) {
    this.#refuseWhenClosed();
    const { db, condition } = this.#log;
    if (condition.readingRefused()) {
      // Once the files are replaced, only this connection still reaches what was acknowledged.
      await backupDatabase(db, toPath, onProgress);
      return;
    }
    await this.#onAnotherConnection(`back up to ${toPath}`, (another) =>
      backupDatabase(another, toPath, onProgress),
    );
  }

  close() {
    this.#closed ??= this.#drainAndClose();
    return this.#closed;
  }

  async #drainAndClose(): Promise<void> {
    await this.#sealing.drain();
    await this.#commits.drain();
    this.#sealing.close();
    this.#guard.stop();
    this.#wake.close();
    this.#log.db.close();
  }

  /** For work that lasts: it keeps a connection to itself, and this one stays free for appends. */
  async #onAnotherConnection<T>(
    attempted: string,
    work: (db: Opened['db']) => Promise<T>,
  ): Promise<T> {
    const { condition, waiting, openAnother } = this.#log;
    try {
      const db = await untilFree(() => attempt(openAnother), waiting, readWaitMsMax);
      return await work(db).finally(() => db.close());
    } catch (error) {
      throw condition.judge(error, attempted);
    }
  }

  /** Reads at once; waits only while somebody else holds the whole database. */
  async #read<T>(read: () => T): Promise<T> {
    const readOnce = () => {
      this.#refuseUnreadable();
      return attempt(read);
    };
    await this.#breathe();
    try {
      return await untilFree(readOnce, this.#log.waiting, readWaitMsMax);
    } catch (error) {
      throw this.#log.condition.judge(error, 'read the log');
    }
  }

  #refuseUnreadable(): void {
    this.#refuseWhenClosed();
    const refused = this.#log.condition.readingRefused();
    if (refused !== undefined) {
      throw refused;
    }
  }

  #refuseWhenClosed(): void {
    if (this.#closed !== undefined) {
      throw logClosed();
    }
  }
}
