/** The story of a board or of some of its tasks: what happened, and what followed from it. */
import type { Queries } from '../../projections/queries.ts';
import type { TimelineFilter } from '../../projections/timeline/queries.ts';
import type { TimelineRow } from '../../projections/timeline/row.ts';
import { derivedFacts, derivedKinds, withFacts } from './derived-facts.ts';
import type { PastReader } from './task-past.ts';

/** What a story is read from, and when (UTC ms). */
export interface StorySource {
  readonly reader: PastReader;
  readonly queries: Queries;
  readonly nowMs: number;
}

/** Tasks whose clocks are looked at, when the story is that of the whole board. */
const tasksMax = 500;

const ofTheClock: ReadonlySet<string> = new Set<string>(derivedKinds);

/** Between which moments, UTC ms: what the clock alone did has no position of its own. */
export interface StorySpan {
  readonly fromAtMs: number;
  readonly toAtMs: number;
}

/** The latest entries that pass the filter, in the order of time. */
export async function readStory(
  { reader, queries, nowMs }: StorySource,
  filter: TimelineFilter,
  span: StorySpan = { fromAtMs: Number.NEGATIVE_INFINITY, toAtMs: nowMs },
): Promise<readonly TimelineRow[]> {
  const { kinds, limit, minImportance = 1 } = filter;
  const isAsked = (type: string) => kinds === undefined || kinds.includes(type);
  const isNotDerived = kinds?.some((kind) => !ofTheClock.has(kind)) ?? true;
  const latest = isNotDerived ? queries.timeline({ ...filter, newestFirst: true }) : [];
  const rows = latest.toReversed();
  if (!derivedKinds.some(isAsked)) return rows;
  // What the last entry is cut off from is not told either.
  const isCut = rows.length >= limit;
  const fromAtMs = Math.max(span.fromAtMs, isCut ? (rows[0]?.atMs ?? 0) : span.fromAtMs);
  const facts: TimelineRow[] = [];
  for (const taskId of tasksOf(queries, filter, rows)) {
    for (const fact of derivedFacts(await reader.task(taskId), nowMs)) {
      const isWithin = fact.atMs >= fromAtMs && fact.atMs <= span.toAtMs;
      const isOfRun = filter.runId === undefined || fact.runId === filter.runId;
      const isWanted = isAsked(fact.type) && fact.importance >= minImportance;
      if (isWanted && isOfRun && isWithin) facts.push(fact);
    }
  }
  facts.sort((one, other) => one.atMs - other.atMs);
  return withFacts(rows, facts).slice(-limit);
}

/** The tasks named; else those something happened to, some time before the range as well. */
function tasksOf(
  queries: Queries,
  filter: TimelineFilter,
  rows: readonly TimelineRow[],
): readonly string[] {
  if (filter.taskIds !== undefined) return filter.taskIds;
  const { kinds, minImportance, afterPosition, ...rest } = filter;
  const isNarrow = kinds !== undefined || minImportance === 3 || afterPosition !== undefined;
  const around = isNarrow ? queries.timeline({ ...rest, newestFirst: true, limit: 2_000 }) : rows;
  const ids = around.flatMap(({ taskId }) => taskId ?? []);
  return [...new Set(ids)].slice(0, tasksMax);
}
