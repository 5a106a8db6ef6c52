/** Tables that step through a log without any of their own: everything is folded. */
import type { Projections } from '../../projections/run.ts';
import { openSteppingTables } from '../../projections/stepping.ts';
import { codec } from '../../src/log/codec.ts';
import type { LogReader } from '../../src/log/event-log.ts';
import { createFakeClock } from './fake-clock.ts';

/** Folds the log from its beginning, whatever position is asked for. */
export function steppingByFold(log: LogReader): Pick<Projections, 'openStepping'> {
  const parts = { log, codec, timers: createFakeClock() };
  return {
    openStepping: (upTo, onProgress) => openSteppingTables(parts, upTo, { onProgress }),
  };
}
