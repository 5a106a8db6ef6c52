/**
 * Appends to a cluster: one stream after the other, in the order of the writes.
 *
 * There is no commit over several streams. The first write is the decision; what follows from it
 * is stored afterwards, and a repeat of the whole goes on where it was broken off.
 */
import { isMet } from '../compare.ts';
import {
  type AppendResult,
  type Conflict,
  LogUnavailable,
  type StreamWrite,
  type Version,
} from '../event-log.ts';
import {
  type Course,
  createStreamAppends,
  type Stored,
  type StreamAppendsDeps,
} from './append-stream.ts';
import { withOutcome } from './fault.ts';
import { createLanes } from './lanes.ts';

/** Appends to the cluster. Rejects with a fault of the log. */
export type Append = (writes: readonly StreamWrite[]) => Promise<AppendResult>;

/** What appending works with. */
export interface AppendDeps extends StreamAppendsDeps {
  /** A mark that no other append has. */
  newMark(): string;
}

/** Of each write what is stored; undefined for a guard. */
type Outcomes = readonly (Stored | undefined)[];

/** Prepares appending. */
export function createAppend(deps: AppendDeps): Append {
  const { tail, clock } = deps;
  const streams = createStreamAppends(deps);
  const inLane = createLanes();

  async function append(writes: readonly StreamWrite[]): Promise<AppendResult> {
    const by = deps.newMark();
    const mark = tail.mark(by);
    try {
      const guards = writes.filter(isGuard);
      const standing = new Map<string, Version>();
      const moved = await lookAtGuards(guards, writes, standing);
      if (moved !== undefined) return (await repeatOf(writes)) ?? moved;
      return await storeAll(writes, { by, mark }, standing);
    } finally {
      mark.done();
    }
  }

  async function storeAll(
    writes: readonly StreamWrite[],
    course: Omit<Course, 'endAtMs'>,
    standing: ReadonlyMap<string, Version>,
  ): Promise<AppendResult> {
    const outcomes: (Stored | undefined)[] = [];
    for (const write of writes) {
      const storedBefore = outcomes.filter((outcome) => outcome !== undefined).length;
      const outcome = isGuard(write) ? undefined : await storeOne(write, course, storedBefore > 0);
      if (outcome?.ok === false) return storedBefore > 0 ? { ...outcome, storedBefore } : outcome;
      outcomes.push(outcome);
    }
    return answerOf(writes, outcomes, standing);
  }

  /** What fails after something was stored leaves half an append, which has to be repeated. */
  async function storeOne(write: StreamWrite, course: Omit<Course, 'endAtMs'>, isBegun: boolean) {
    const store = () => {
      const endAtMs = clock.monoMs() + deps.appendMsMax;
      return streams.append(write, { ...course, endAtMs });
    };
    try {
      return await inLane(write.stream, store);
    } catch (error) {
      throw isBegun && error instanceof LogUnavailable ? withOutcome(error, true) : error;
    }
  }

  /**
   * Just before the first write: what happens between the two is not seen. Of an append that has
   * begun before, they are of no interest any more.
   */
  async function lookAtGuards(
    guards: readonly StreamWrite[],
    writes: readonly StreamWrite[],
    standing: Map<string, Version>,
  ): Promise<Conflict | undefined> {
    if (guards.length === 0) return undefined;
    const first = writes.find((write) => !isGuard(write));
    if (first !== undefined && (await streams.recognise(first))?.ok) return undefined;
    const found = await Promise.all(guards.map(({ stream }) => streams.lastVersion(stream)));
    for (const [index, { stream, expected }] of guards.entries()) {
      const actual = found[index]!;
      if (!isMet(expected, actual)) return { ok: false, stream, expected, actual };
      standing.set(stream, actual);
    }
    return undefined;
  }

  /** An append that was stored before is answered like the first time, whatever its guards say. */
  async function repeatOf(writes: readonly StreamWrite[]): Promise<AppendResult | undefined> {
    await deps.feed.fetch(deps.appendMsMax);
    const known = await Promise.all(
      writes.map((write) => (isGuard(write) ? undefined : streams.recognise(write))),
    );
    const outcomes = known.map((outcome) => (outcome?.ok ? outcome : undefined));
    const isWhole = writes.every((write, index) => isGuard(write) || outcomes[index] !== undefined);
    const isGuarded = writes.every(isGuard);
    return isWhole && !isGuarded ? answerOf(writes, outcomes, new Map()) : undefined;
  }

  function answerOf(
    writes: readonly StreamWrite[],
    outcomes: Outcomes,
    standing: ReadonlyMap<string, Version>,
  ): AppendResult {
    const stored = outcomes.filter((outcome) => outcome !== undefined);
    const versions = writes.map(({ stream, expected }, index) => {
      const version = outcomes[index]?.version;
      if (version !== undefined) return version;
      return typeof expected === 'number' ? expected : (standing.get(stream) ?? -1);
    });
    const position =
      stored.length > 0 ? Math.max(...stored.map((each) => each.position)) : tail.position();
    const repeated = stored.length > 0 && stored.every((each) => each.repeated);
    return { ok: true, position, versions, repeated };
  }

  return append;
}

function isGuard({ events }: StreamWrite): boolean {
  return events.length === 0;
}
