/** An open embedded log: its parts put together, and what belongs to its lifetime. */
import { attempt, untilFree } from '../../sqlite/attempt.ts';
import { type Breathe, createBreathe } from '../breathe.ts';
import { logClosed } from '../closed.ts';
import type {
  EventLog,
  LogUnavailable,
  Position,
  ReadAllOptions,
  ReadStreamOptions,
  StoredEvent,
  StreamWrite,
} from '../event-log.ts';
import { type Beside, createBeside, type Thinnings } from './beside.ts';
import { GroupCommit } from './group-commit.ts';
import { type FileGuard, startFileGuard } from './guard.ts';
import type { Opened } from './opened.ts';
import { createReader, type Reader } from './read.ts';
import { createSealing, type Sealing } from './sealing.ts';
import type { ChainReport, OnProgress, VerifyOptions } from './verify.ts';
import { createWake, type Wake } from './wake.ts';

/** The embedded log: the port, and what only a file can do. */
export interface SqliteLog extends EventLog, Pick<Beside, 'planArchive' | 'archive'> {
  /** The format it has now; thinning and archiving raise it. */
  format(): Promise<number>;
  /**
   * Takes beats out, range by range and each in a transaction of its own; what is thinned stays so
   * when a later range fails. Needs a log that is open for writing.
   */
  thin(thinnings: Thinnings): Promise<void>;
  /** The positions that are in segment files, from the first to this one; 0 while none is. */
  segmentedUpTo(): Promise<Position>;
  /** Compares segment files, byte for byte, with what is attested; answers what is wrong. */
  checkSegments(): Promise<{ files: number; faults: readonly LogUnavailable[] }>;
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
  readonly #beside: Beside;
  readonly #sealing: Sealing;
  #closed: Promise<void> | undefined;

  constructor(log: Opened) {
    this.epoch = log.epoch;
    this.#log = log;
    this.#reader = createReader(log.db, log.segments, log.condition.damagedFrom);
    this.#breathe = createBreathe(log);
    this.#beside = createBeside(log, this.#breathe);
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

  format() {
    return this.#read(() => this.#log.format());
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
    return this.#beside.verifyChain({ ...wanted, onVerified });
  }

  async backup(toPath: string, onProgress?: OnProgress) {
    this.#refuseWhenClosed();
    await this.#beside.backup(toPath, onProgress);
  }

  async thin(thinnings: Thinnings) {
    this.#refuseUnwritable();
    await this.#beside.thin(thinnings, () => this.#afterCommit());
  }

  planArchive(wanted: Parameters<Beside['planArchive']>[0]) {
    this.#refuseWhenClosed();
    return this.#beside.planArchive(wanted);
  }

  async archive(wanted: Parameters<Beside['archive']>[0]) {
    this.#refuseUnwritable();
    return this.#beside.archive(wanted).finally(() => this.#afterCommit());
  }

  checkSegments() {
    this.#refuseWhenClosed();
    return this.#log.segments.check();
  }

  segmentedUpTo() {
    return this.#read(() => {
      this.#log.segments.lookAgain();
      return this.#log.segments.upTo;
    });
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
    this.#log.segments.close();
    this.#log.db.close();
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

  #afterCommit(): void {
    this.#guard.checkAfterCommit();
    this.#wake.announce();
  }

  #refuseUnwritable(): void {
    this.#refuseWhenClosed();
    const refused = this.#log.condition.writingRefused();
    if (refused !== undefined) throw refused;
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
