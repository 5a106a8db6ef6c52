/**
 * Group commit: the appends that wait while a commit is under way share the next one.
 *
 * A commit is one sync of the disk, whatever it carries. Each append keeps its own expected
 * versions and its own answer: one that conflicts stores nothing and disturbs nobody. No answer is
 * given before COMMIT has returned and the files are known to be the right ones.
 */
import { createWriteLock, type WriteLock } from '../../sqlite/write-lock.ts';
import { type Breathe, createBreathe } from '../breathe.ts';
import { checkWrites } from '../check.ts';
import type { AppendResult, StreamWrite } from '../event-log.ts';
import { Appender } from './append.ts';
import type { FileGuard } from './guard.ts';
import type { Opened } from './opened.ts';

interface Pending {
  readonly writes: readonly StreamWrite[];
  readonly queuedAtMs: number;
  resolve(result: AppendResult): void;
  reject(reason: unknown): void;
}

/** A commit carries at most this many events, unless one append has more: about 10 ms of work. */
const commitEventsMax = 1_000;

/** How long an append waits for the write lock before it is refused as busy. */
const lockWaitMsMax = 10_000;

/** The queue in front of the log's one write transaction at a time. */
export class GroupCommit {
  readonly #log: Opened;
  readonly #guard: FileGuard;
  readonly #onGrown: () => void;
  readonly #lock: WriteLock;
  readonly #appender: Appender;
  readonly #breathe: Breathe;
  readonly #queue: Pending[] = [];
  readonly #waitingForDrain: (() => void)[] = [];
  #isRunning = false;

  /** `onGrown` is called after every commit that stored an event. */
  constructor(log: Opened, guard: FileGuard, onGrown: () => void) {
    this.#log = log;
    this.#guard = guard;
    this.#onGrown = onGrown;
    this.#lock = createWriteLock(log.db, log.waiting);
    this.#breathe = createBreathe(log);
    this.#appender = new Appender(log.db, log.segments, () => log.clock.nowMs());
  }

  /** Resolves with the append's own answer, once it is durable. */
  append(writes: readonly StreamWrite[]): Promise<AppendResult> {
    return new Promise((resolve, reject) => {
      checkWrites(writes);
      const refused = this.#log.condition.writingRefused();
      if (refused !== undefined) {
        throw refused;
      }
      this.#queue.push({ writes, queuedAtMs: this.#log.clock.monoMs(), resolve, reject });
      this.#run();
    });
  }

  /** Resolves when everything queued so far has its answer. */
  drain(): Promise<void> {
    return new Promise((resolve) => {
      this.#waitingForDrain.push(resolve);
      this.#run();
    });
  }

  /** Lets the input already there be served before each commit: it may bring more to share it. */
  #run(): void {
    if (this.#isRunning) {
      return;
    }
    if (this.#queue.length === 0) {
      for (const resolve of this.#waitingForDrain.splice(0)) {
        resolve();
      }
      return;
    }
    this.#isRunning = true;
    this.#log.timers.immediate(() => void this.#commitAndGoOn());
  }

  async #commitAndGoOn(): Promise<void> {
    await this.#breathe();
    await this.#commitNext();
    this.#isRunning = false;
    this.#run();
  }

  async #commitNext(): Promise<void> {
    let batch: readonly Pending[] = [];
    let hasGrown = false;
    try {
      const results = await this.#lock.withLock((isAlone) => {
        batch = this.#takeBatch();
        this.#appender.begin(isAlone);
        const answers = batch.map(({ writes }) => this.#appender.apply(writes));
        hasGrown = this.#appender.end();
        return answers;
      }, this.#waitMsLeft());
      this.#appender.committed();
      this.#guard.checkAfterCommit();
      for (const [index, { resolve }] of batch.entries()) {
        resolve(results[index]!);
      }
    } catch (error) {
      this.#fail(batch, this.#log.condition.judge(error, 'append'));
      return;
    }
    if (hasGrown) {
      this.#onGrown();
    }
  }

  #waitMsLeft(): number {
    return this.#queue[0]!.queuedAtMs + lockWaitMsMax - this.#log.clock.monoMs();
  }

  #takeBatch(): readonly Pending[] {
    let size = 0;
    let events = 0;
    for (const { writes } of this.#queue) {
      events += eventCount(writes);
      if (size > 0 && events > commitEventsMax) {
        break;
      }
      size += 1;
    }
    return this.#queue.splice(0, size);
  }

  /** Answers a batch that failed, or the oldest in the queue when none could be taken. */
  #fail(batch: readonly Pending[], reason: unknown): void {
    const unanswered = batch.length > 0 ? batch : this.#queue.splice(0, 1);
    for (const { reject } of unanswered) {
      reject(reason);
    }
    const refused = this.#log.condition.writingRefused();
    for (const { reject } of refused ? this.#queue.splice(0) : []) {
      reject(refused);
    }
  }
}

function eventCount(writes: readonly StreamWrite[]): number {
  return writes.reduce((sum, { events }) => sum + events.length, 0);
}
