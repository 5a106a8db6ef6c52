/** Lives on the screen: open stretches go on with the clock, and events say which are old news. */
import type { Recorded } from '../../domain/catalogue.ts';
import { streamCategory, streamId } from '../../domain/streams.ts';
import type { Bar, Life } from '../../gantt/rows.mjs';
import type { Span } from '../../gantt/view.mjs';
import type { BoardFold } from './board-fold.ts';
import { leaseOf } from './lease.ts';

/** The lives up to now; nothing is drawn of a time after it. */
export function livesUpTo(lives: readonly Life[], nowMs: number): readonly Life[] {
  return lives.map((life) => {
    const last = life.bars.at(-1);
    if (last === undefined || !last.isOpen) return life;
    const grown = { ...last, toAtMs: Math.max(last.fromAtMs, nowMs) };
    return { ...life, bars: [...life.bars.slice(0, -1), grown] };
  });
}

/** What is left free after the last thing that happened, as a share of the whole. */
const marginShare = 0.03;

/** From the first thing that happened to the last; to now, while somebody is at work. */
export function wholeOf(lives: readonly Life[], nowMs: number): Span {
  const bars = lives.flatMap((life) => life.bars);
  const moments = [
    ...bars.map(({ fromAtMs }) => fromAtMs),
    ...lives.flatMap(({ signs }) => signs.map(({ atMs }) => atMs)),
  ];
  const first = moments.reduce((one, other) => Math.min(one, other), nowMs);
  const last = moments.reduce((one, other) => Math.max(one, other), first);
  const isAtWork = bars.some(({ isOpen, runId }) => isOpen && runId !== null);
  const toAtMs = isAtWork ? nowMs : Math.min(nowMs, last + (last - first) * marginShare);
  return { fromAtMs: first, toAtMs: Math.max(toAtMs, first + 1) };
}

/** The tasks whose lives an event may have changed; undefined when it is about the whole board. */
export function changedBy(
  event: Recorded,
  lives: readonly Life[],
  fold: BoardFold,
): readonly string[] | undefined {
  const id = streamId(event.stream);
  switch (streamCategory(event.stream)) {
    case 'task':
      return [id, ...fold.childIds(id)];
    case 'note':
    case 'refused':
      return [id];
    case 'run':
      return changedByRun(event, id, lives);
    default:
      return undefined;
  }
}

function changedByRun(event: Recorded, runId: string, lives: readonly Life[]): readonly string[] {
  if (event.type === 'RunOpened') return [event.data.taskId];
  const life = lives.find(({ bars }) => bars.some((bar) => bar.runId === runId));
  if (life === undefined) return [];
  // A beat only ends a silence, or begins the work.
  const isSteady = event.type === 'HeartbeatRecorded' && life.bars.at(-1)?.kind === 'running';
  return isSteady || event.type === 'UsageRecorded' ? [] : [life.taskId];
}

/** The tasks that the clock alone has changed: a lease is over, or a time has come. */
export function changedByClock(
  lives: readonly Life[],
  { tasks, runs }: Pick<BoardFold, 'tasks' | 'runs'>,
  nowMs: number,
): readonly string[] {
  return lives.flatMap(({ taskId, bars }) => {
    const last = bars.at(-1);
    if (last === undefined) return [];
    const isDue = last.kind === 'scheduled' && isPast(tasks.get(taskId)?.task.notBeforeMs, nowMs);
    return isDue || isSilent(last, runs, nowMs) ? [taskId] : [];
  });
}

function isSilent({ kind, runId }: Bar, runs: BoardFold['runs'], nowMs: number): boolean {
  const run = runId === null ? undefined : runs.get(runId);
  const isAtWork = kind === 'running' || kind === 'launching';
  return isAtWork && run !== undefined && leaseOf(run, nowMs).state === 'over';
}

function isPast(atMs: number | null | undefined, nowMs: number): boolean {
  return typeof atMs === 'number' && atMs <= nowMs;
}
