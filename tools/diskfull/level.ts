/** What happens to a log on a disk that gets full, and how to tell it. */
import { LogUnavailable } from '../../src/log/event-log.ts';
import type { SqliteLog } from '../../src/log/sqlite/open-log.ts';
import { everything } from '../disk/check-log.ts';
import { appendsOf, numbered } from '../disk/numbered.ts';
import { openLog } from '../disk/open-log.ts';

/** What one level of fullness was like. */
export interface LevelReport {
  readonly freeBytes: number;
  readonly acknowledged: number;
  readonly refused: number;
  /** Refused already when the log was opened. */
  readonly refusedAtOpening: boolean;
  readonly broken: readonly string[];
}

/** Appends after which a level that refuses none is given up. */
const appendsMax = 200;

/** Appends that are tried on, once one was refused: smaller ones may fit. */
const triesWhenFull = 4;

/** One level: opening, appending until nothing fits, and going on. */
export class Level {
  readonly acknowledged: string[] = [];
  readonly broken: string[] = [];
  refused = 0;

  /** The log, or undefined when there is not even room for that. */
  async open(board: string): Promise<SqliteLog | undefined> {
    try {
      return await openLog(board);
    } catch (error) {
      // A file that cannot be made is all that SQLite tells.
      this.#note(error, ['disk_full', 'log_not_accessible']);
      return undefined;
    }
  }

  /** Appends, and reads what was acknowledged once appends are refused. */
  async appendUntilFull(log: SqliteLog): Promise<void> {
    let triesLeft = triesWhenFull;
    for (let index = 0; index < appendsMax && triesLeft > 0; index += 1) {
      const isTaken = await this.#append(log, `append${index}`);
      if (!isTaken) triesLeft -= 1;
    }
    const { whole } = appendsOf(await everything(log));
    const lost = this.acknowledged.filter((name) => !whole.has(name));
    this.broken.push(...lost.map((name) => `${name} cannot be read while the disk is full`));
  }

  /** With room again, the next append is taken, by the same log and without any repair. */
  async goOn(log: SqliteLog): Promise<void> {
    const isTaken = await this.#append(log, 'after');
    if (!isTaken) this.broken.push('refused although there was room again');
  }

  async #append(log: SqliteLog, name: string): Promise<boolean> {
    try {
      const { ok } = await log.append(numbered(name, { events: 2, bytes: 600 }));
      if (ok) this.acknowledged.push(name);
      return ok;
    } catch (error) {
      this.#note(error, ['disk_full']);
      return false;
    }
  }

  #note(error: unknown, expected: readonly string[]): void {
    this.refused += 1;
    const isFitting = error instanceof LogUnavailable && expected.includes(error.code);
    if (!isFitting) this.broken.push(`refused for another reason: ${String(error)}`);
  }
}
