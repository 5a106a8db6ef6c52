/**
 * The cap on workers that run at once on this host, counted over all of its boards.
 *
 * Boards know nothing of each other, so the count lives in a small database in the home directory.
 * A slot belongs to a process: to the dispatcher while it prepares a run, then to the worker. It is
 * given back by whoever has seen to it that nothing of the worker is left; when nobody will, the
 * death of its holder frees it. Losing the file loses nothing but the count.
 */
import { join } from 'node:path';
import type { ProcessIdentity, Slot, Slots } from '../dispatcher/ports.ts';
import { isAbandoned } from '../dispatcher/slot-rule.ts';
import type { Clock, Random, Timers } from '../log/ports.ts';
import { attempt, untilFree, type Waiting } from '../sqlite/attempt.ts';
import { openDatabase } from '../sqlite/open.ts';
import { createSharedWrites } from '../sqlite/shared-writes.ts';
import { createWriteLock } from '../sqlite/write-lock.ts';
import { pause } from './clock.ts';
import type { Probe } from './probe.ts';

/** One place among those that may run. */
export interface HostSlot extends Slot {
  /** UTC ms. */
  readonly acquiredAtMs: number;
}

/** The slots of this host. Every wait for the file ends after `waitMsMax` with a `busy` fault. */
export interface HostSlots extends Slots {
  /**
   * Takes a slot unless `max` are held and not abandoned. False: all are taken. A nonce that has a
   * slot keeps it.
   */
  acquire(slot: Slot, max: number): Promise<boolean>;
  /** Hands the slot on to the worker. False when it is no longer there. */
  rebind(nonce: string, holder: ProcessIdentity): Promise<boolean>;
  /** Gives the slot back; nothing happens when it is not there. */
  release(nonce: string): Promise<void>;
  /** All slots that were not given back, oldest first, whether or not their holders live. */
  list(): readonly HostSlot[];
  close(): void;
}

/** What the slots take from the world around them. */
export interface HostSlotsDeps {
  /** The home directory. */
  readonly home: string;
  readonly probe: Probe;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
}

/** How long to wait for others who use the file, in ms. */
const waitMsMax = 5_000;

const shape = `
  CREATE TABLE IF NOT EXISTS slots (
    nonce TEXT PRIMARY KEY,
    board_directory TEXT NOT NULL,
    holder TEXT NOT NULL, -- a process identity as JSON
    acquired_at_ms INTEGER NOT NULL
  ) STRICT
`;

/** Opens the slots of the host whose home directory is given. */
export async function openHostSlots(deps: HostSlotsDeps): Promise<HostSlots> {
  const waiting = waitingWith(deps);
  const path = join(deps.home, 'host.db');
  const open = () => attempt(() => openDatabase({ path, durability: 'normal' }));
  const db = await untilFree(open, waiting, waitMsMax);
  const lock = createWriteLock(db, waiting);
  await lock.withLock(() => db.exec(shape), waitMsMax);
  const { immediate } = deps.timers;
  const write = createSharedWrites({ lock, immediate, waitMsMax });

  const count = db.prepare<[], number>('SELECT count(*) FROM slots').pluck();
  const find = db.prepare<[string], number>('SELECT 1 FROM slots WHERE nonce = ?').pluck();
  const insert = db.prepare<[string, string, string, number]>(
    'INSERT INTO slots (nonce, board_directory, holder, acquired_at_ms) VALUES (?, ?, ?, ?)',
  );
  const update = db.prepare<[string, string]>('UPDATE slots SET holder = ? WHERE nonce = ?');
  const remove = db.prepare<[string]>('DELETE FROM slots WHERE nonce = ?');
  const all = db.prepare<[], SlotRow>('SELECT * FROM slots ORDER BY acquired_at_ms, nonce');

  const list = () => all.all().map(fromRow);

  /** Only when all seem taken: an abandoned slot harms nobody before. */
  function dropAbandoned(boardDirectory: string): void {
    const { probe } = deps;
    for (const slot of list()) {
      if (isAbandoned(slot, { boardDirectory, probe })) remove.run(slot.nonce);
    }
  }

  function take(slot: Slot, max: number): boolean {
    if (find.get(slot.nonce) !== undefined) {
      return true;
    }
    const isFull = () => (count.get() ?? 0) >= max;
    if (isFull()) {
      dropAbandoned(slot.boardDirectory);
    }
    if (isFull()) {
      return false;
    }
    const holder = JSON.stringify(slot.holder);
    insert.run(slot.nonce, slot.boardDirectory, holder, deps.clock.nowMs());
    return true;
  }

  return {
    acquire: (slot, max) => write(() => take(slot, max)),
    rebind: (nonce, holder) => write(() => update.run(JSON.stringify(holder), nonce).changes === 1),
    release: async (nonce) => {
      await write(() => remove.run(nonce));
    },
    list,
    close: () => db.close(),
  };
}

interface SlotRow {
  readonly nonce: string;
  readonly board_directory: string;
  readonly holder: string;
  readonly acquired_at_ms: number;
}

function fromRow(row: SlotRow): HostSlot {
  return {
    nonce: row.nonce,
    boardDirectory: row.board_directory,
    holder: JSON.parse(row.holder) as ProcessIdentity,
    acquiredAtMs: row.acquired_at_ms,
  };
}

function waitingWith({ clock, timers, random }: HostSlotsDeps): Waiting {
  return { monoMs: () => clock.monoMs(), pause: (ms) => pause(timers, ms), random };
}
