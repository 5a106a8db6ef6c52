/** Finds the beats of runs that ended long enough ago, which nothing rests on any more. */
import { LRUCache } from 'lru-cache';
import { type Recorded, streamId } from '../domain/catalogue.ts';
import { isTerminal, type RunEvent } from '../domain/run/events.ts';
import { createNeededBeats } from '../domain/run/needed-beats.ts';
import type { Codec } from '../log/codec.ts';
import type { EventLog, Position, StoredEvent } from '../log/event-log.ts';
import { pagesOf, pagesOfStream } from '../log/pages.ts';
import type { ThinnedBeat, ThinnedRun } from '../log/thinned-beats.ts';

/** What can be taken out between two positions. */
export interface Thinnable {
  readonly from: Position;
  readonly runs: readonly ThinnedRun[];
}

/** What to look for. */
export interface ThinningWanted {
  /** Only runs that ended before this moment, UTC ms. */
  readonly endedBeforeMs: number;
  /** How many positions make a range; the first of each is left alone. */
  readonly rangeSize: number;
  /** Ranges up to this position are left alone: they are in segments. Default: none. */
  readonly after?: Position;
  readonly onProgress: (position: Position) => void;
}

/** Fewer beats than these in one range are not worth the event that attests them. */
const worthwhile = 8;

/** Runs remembered while going through the log. */
const runsRemembered = 10_000;

interface Deps {
  readonly log: EventLog;
  readonly codec: Codec;
}

/** Goes through the log range by range; yields those from which enough can be taken out. */
export async function* findThinnable(
  deps: Deps,
  { endedBeforeMs, rangeSize, after = 0, onProgress }: ThinningWanted,
): AsyncGenerator<Thinnable> {
  const { position: end } = await deps.log.head();
  const neededOf = createNeededOf(deps, endedBeforeMs);
  for (let from = after + 1; from <= end; from += rangeSize) {
    const upTo = Math.min(from + rangeSize - 1, end);
    const beats: StoredEvent[] = [];
    for await (const page of pagesOf(deps.log, { after: from, upTo, pageSize: rangeSize })) {
      beats.push(...page.filter(isBeat));
    }
    const runs = await runsOf(beats, neededOf, deps.codec);
    const count = runs.reduce((sum, run) => sum + run.beats.length, 0);
    if (count >= worthwhile) yield { from, runs };
    onProgress(upTo);
  }
}

function isBeat({ type, stream }: StoredEvent): boolean {
  return type === 'HeartbeatRecorded' && stream.startsWith('run-');
}

/** Versions that must stay; undefined while the run may not be thinned at all. */
type NeededOf = (stream: string) => Promise<ReadonlySet<number> | undefined>;

async function runsOf(
  beats: readonly StoredEvent[],
  neededOf: NeededOf,
  codec: Codec,
): Promise<readonly ThinnedRun[]> {
  const runs: ThinnedRun[] = [];
  for (const [stream, ofRun] of byStream(beats)) {
    const needed = await neededOf(stream);
    const going = needed === undefined ? [] : ofRun.filter(({ version }) => !needed.has(version));
    const runId = streamId(stream);
    if (going.length > 0) runs.push({ runId, beats: going.map((beat) => asThinned(beat, codec)) });
  }
  return runs;
}

function byStream(events: readonly StoredEvent[]): ReadonlyMap<string, readonly StoredEvent[]> {
  const streams = new Map<string, StoredEvent[]>();
  for (const event of events) {
    const others = streams.get(event.stream);
    if (others === undefined) streams.set(event.stream, [event]);
    else others.push(event);
  }
  return streams;
}

function asThinned(stored: StoredEvent, codec: Codec): ThinnedBeat {
  const { position, version, data, meta, type } = codec.decode(stored);
  const coalesced = type === 'HeartbeatRecorded' ? data.coalesced : 0;
  return { position, version, atMs: meta.at, coalesced };
}

function createNeededOf({ log, codec }: Deps, endedBeforeMs: number): NeededOf {
  const known = new LRUCache<string, { needed: ReadonlySet<number> | undefined }>({
    max: runsRemembered,
  });

  async function look(stream: string): Promise<ReadonlySet<number> | undefined> {
    const [last] = await log.readStream(stream, { direction: 'backward', limit: 1 });
    const ending = last && (codec.decode(last) as Recorded<RunEvent>);
    if (ending === undefined || !isTerminal(ending)) return undefined;
    if (ending.meta.at >= endedBeforeMs) return undefined;
    const needed = createNeededBeats();
    for await (const event of eventsOf(log, stream)) {
      const decoded = codec.decode(event) as Recorded<RunEvent>;
      if (decoded.type === 'HeartbeatRecorded') needed.add(decoded.version, decoded.data);
    }
    return needed.needed();
  }

  return async (stream) => {
    const found = known.get(stream) ?? { needed: await look(stream) };
    known.set(stream, found);
    return found.needed;
  };
}

async function* eventsOf(log: EventLog, stream: string): AsyncGenerator<StoredEvent> {
  for await (const page of pagesOfStream(log, stream)) yield* page;
}
