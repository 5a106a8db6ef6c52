/**
 * When the beats were that are gone from a log, for whom a beat is a moment and nothing else. What
 * is unpacked at a time is what is asked for: of all beats together there may be very many.
 */
import { codec } from './codec.ts';
import type { LogReader, Position } from './event-log.ts';
import { type ThinnedBeat, unpackBeatsOrNone } from './thinned-beats.ts';

/** A beat that was taken out, and whose it was. */
export interface TimedBeat extends ThinnedBeat {
  readonly runId: string;
}

/** The beats that were taken out of a log. */
export interface ThinnedTimes {
  /**
   * Those that stood after one position and not after another, in order; of those, the ones that
   * were taken out after position `since`, or all.
   */
  between(after: Position, upTo: Position, since?: Position): readonly TimedBeat[];
}

interface Thinning {
  /** Where the log says so. */
  readonly attestedAt: Position;
  readonly from: Position;
  readonly upTo: Position;
  readonly beats: string;
}

/** Events of the board read at a time; one that tells of beats has some 10 KiB. */
const pageSize = 500;

/** Finds out what was taken out of a log. Where the log ends too early to say so, it is unknown. */
export async function readThinnedTimes(log: Pick<LogReader, 'readStream'>): Promise<ThinnedTimes> {
  const thinnings = await thinningsOf(log);

  function between(after: Position, upTo: Position, since: Position = 0): readonly TimedBeat[] {
    return thinnings
      .filter((thinning) => thinning.upTo > after && thinning.from <= upTo)
      .filter(({ attestedAt }) => attestedAt > since)
      .flatMap(beatsOf)
      .filter(({ position }) => position > after && position <= upTo)
      .sort((one, other) => one.position - other.position);
  }

  return { between };
}

async function thinningsOf(log: Pick<LogReader, 'readStream'>): Promise<readonly Thinning[]> {
  const thinnings: Thinning[] = [];
  for (let from = 0; ; ) {
    const page = await log.readStream('board', { from, limit: pageSize });
    for (const stored of page) {
      if (stored.type !== 'LogThinned') continue;
      const said = codec.decodeUnchecked(stored).data as Omit<Thinning, 'attestedAt'>;
      thinnings.push({ ...said, attestedAt: stored.position });
    }
    const last = page.at(-1);
    if (last === undefined) return thinnings;
    from = last.version + 1;
  }
}

function beatsOf({ beats }: Thinning): readonly TimedBeat[] {
  return unpackBeatsOrNone(beats).flatMap(({ runId, beats: ofRun }) =>
    ofRun.map((beat) => ({ runId, ...beat })),
  );
}
