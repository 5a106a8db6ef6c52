/** The traces of the runs in a log: its events, and between them the beats that are gone. */
import { createGathering, type Gathering, type Scope } from '../domain/what-if/gather.ts';
import type { Trace } from '../domain/what-if/trace.ts';
import type { Trial } from '../domain/what-if/trial.ts';
import { codec } from '../log/codec.ts';
import { type LogReader, type Position, pageCharsMax, type StoredEvent } from '../log/event-log.ts';
import { readThinnedTimes, type TimedBeat } from '../log/thinned-times.ts';

/** What to gather. */
export interface Gathered extends Scope {
  readonly trials: readonly Trial[];
  /** Until when open runs are known, UTC ms. */
  readonly untilMs: number;
  /** Hears how far the reading has come, in positions. */
  readonly onPage: (done: Position, total: Position) => void | Promise<void>;
}

/** Runs claimed in the scope are read to their end, wherever in the log it is. */
export async function gatherTraces(log: LogReader, wanted: Gathered): Promise<readonly Trace[]> {
  const { trials, untilMs, onPage } = wanted;
  const gathering = createGathering(wanted, trials);
  const thinned = await readThinnedTimes(log);
  const { position: total } = await log.head();
  for (let after = wanted.from - 1; ; ) {
    await onPage(after, total);
    const page = await log.readAll({ after, charsMax: pageCharsMax });
    const last = page.at(-1);
    if (last === undefined) return gathering.finish(untilMs);
    addInOrder(gathering, page, thinned.between(after, last.position));
    after = last.position;
  }
}

/** All beats stood before the last event: the ends of their runs are never taken out. */
function addInOrder(
  gathering: Gathering,
  events: readonly StoredEvent[],
  beats: readonly TimedBeat[],
): void {
  let next = 0;
  for (const event of events) {
    for (; next < beats.length && beats[next]!.position < event.position; next += 1) {
      gathering.addGone(beats[next]!);
    }
    if (gathering.wants(event)) gathering.add(codec.decodeUnchecked(event));
  }
}
