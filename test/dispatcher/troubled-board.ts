/** A real board on disk whose log, tables or policy can be out of order for a while. */
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openProjections } from '../../projections/run.ts';
import { createBoard } from '../../src/app/board.ts';
import { defaultPolicy, type Policy } from '../../src/domain/policy.ts';
import { systemClock, systemTimers } from '../../src/host/clock.ts';
import { createIds, randomBytes } from '../../src/host/ids.ts';
import { LogUnavailable } from '../../src/log/event-log.ts';
import { openSqliteLog } from '../../src/log/sqlite/sqlite-log.ts';
import type { tempBoard } from '../kit/temp-board.ts';
import { tempDir } from '../kit/temp-dir.ts';

/** What is out of order. `plan`: making one throws, since there is no policy to make it by. */
export type Trouble = 'log' | 'tables' | 'plan';

/** The way to open such a board, and the switch for its trouble. */
export interface Troubled {
  readonly open: typeof tempBoard;
  trouble: Trouble | undefined;
}

const ids = createIds({ clock: systemClock, randomBytes });

/** A board without trouble yet. */
export function aTroubledBoard(): Troubled {
  const troubled: Troubled = { open, trouble: undefined };

  async function open(policy: Policy = defaultPolicy) {
    const directory = join(tempDir(), 'board');
    const newEpoch = () => ids.commandId();
    const deps = { clock: systemClock, timers: systemTimers, random: Math.random, newEpoch };
    const log = await openSqliteLog(directory, deps);
    const projections = await openProjections({ log, path: directory, timers: systemTimers });
    const board = createBoard({
      log: outOfOrder(log, 'log'),
      projections: outOfOrder(projections, 'tables'),
      clock: systemClock,
      ids: { ...ids, taskId: () => ids.taskId() },
      policy() {
        if (troubled.trouble === 'plan') throw new Error('there is no policy');
        return policy;
      },
    });
    onTestFinished(() => board.close());
    return { board, directory };
  }

  /** Whatever is asked of it fails while it is in trouble, except to be closed. */
  function outOfOrder<T extends object>(part: T, name: Trouble): T {
    return new Proxy(part, {
      get(_, key) {
        const value = Reflect.get(part, key, part) as unknown;
        if (typeof value !== 'function') return value;
        const isBroken = () => troubled.trouble === name && key !== 'close' && key !== 'onHint';
        return (...args: unknown[]) => (isBroken() ? fail(name) : value.apply(part, args));
      },
    });
  }

  return troubled;
}

function fail(name: Trouble): Promise<never> {
  const hint = 'wait';
  return Promise.reject(new LogUnavailable(`EIO: ${name}`, { code: 'io', hint, retryable: true }));
}
