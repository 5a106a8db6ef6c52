/** What followed from a task's events though none says so: its time came, its lease was over. */
import type { TimelineRow } from '../../projections/timeline/row.ts';
import type { Recorded } from '../domain/catalogue.ts';
import type { TaskPast } from '../domain/life.ts';
import { type Segment, segmentsOf } from '../domain/segments.ts';

/** The kinds of entries that no event stands for. */
export const derivedKinds = ['came_due', 'became_suspect', 'showed_life'] as const;

/** They come after whatever else happened at the same position. */
const ordinal = 1_000;

/** The facts as entries of the timeline, each at the position after which the clock made it. */
export function derivedFacts(past: TaskPast, nowMs: number): readonly TimelineRow[] {
  const life = segmentsOf(past, nowMs);
  return life.flatMap((segment, index) => {
    const fact = factOf(segment, life[index - 1]);
    return fact === undefined ? [] : rowOf(past, segment, fact);
  });
}

type Fact = Pick<TimelineRow, 'type' | 'importance' | 'data'>;

function factOf({ because, kind, fromAtMs }: Segment, before: Segment | undefined) {
  if (because.type === 'came_due') return { type: 'came_due', importance: 2, data: {} } as const;
  if (because.type === 'lease_over') {
    const { leaseMs, lastSignAtMs } = because;
    const data = { leaseMs, lastSignAtMs, wasLaunching: before?.kind === 'launching' };
    return { type: 'became_suspect', importance: 3, data } as const;
  }
  const isBack = before?.kind === 'suspect' && kind === 'running';
  if (!isBack || because.type !== 'HeartbeatRecorded') return undefined;
  const data = { suspectMs: fromAtMs - before.fromAtMs };
  return { type: 'showed_life', importance: 2, data } as const;
}

function rowOf(past: TaskPast, { taskId, runId, fromAtMs, fromPosition }: Segment, fact: Fact) {
  const after = past.events.filter((event) =>
    fromPosition === null ? event.meta.at <= fromAtMs : event.position <= fromPosition,
  );
  const last: Recorded | undefined = after.at(-1);
  const row: TimelineRow = {
    ...fact,
    position: last?.position ?? 0,
    ordinal,
    atMs: fromAtMs,
    taskId,
    runId,
    actorKind: 'system',
    actorId: 'clock',
    surface: 'timer',
    correlationId: runId ?? taskId,
    causationId: last?.id ?? taskId,
  };
  return [row];
}

/** The entries with these facts among them, in the order in which time passed. */
export function withFacts(
  rows: readonly TimelineRow[],
  facts: readonly TimelineRow[],
): readonly TimelineRow[] {
  const merged = [...rows];
  for (const fact of facts) {
    const later = merged.findIndex(
      ({ position, atMs }) => position > fact.position && atMs > fact.atMs,
    );
    merged.splice(later === -1 ? merged.length : later, 0, fact);
  }
  return merged;
}
