/**
 * The life of a task, cut where it stood differently: exact stretches of waiting, running, being
 * suspect …, told from its events, those of its runs and those of the tasks it waited for.
 *
 * They tile the life from the creation to now: each begins where the one before ended. Clocks of
 * several machines may disagree; order is position, so time never runs backwards here, and nothing
 * is told of a time after now.
 */
import { type Recorded, streamId } from './catalogue.ts';
import { type Because, createLife, type Outlook, type SegmentKind, type TaskPast } from './life.ts';

/** A stretch of a task's life. */
export interface Segment {
  readonly kind: SegmentKind;
  readonly taskId: string;
  /** Wall clock, UTC ms. */
  readonly fromAtMs: number;
  readonly toAtMs: number;
  /** Positions of the events it began and ended with; null where the clock alone did it. */
  readonly fromPosition: number | null;
  readonly toPosition: number | null;
  /** Whether it still goes on: then it ends now. */
  readonly isOpen: boolean;
  /** The run that held the task, which try it was, and where; null while none did. */
  readonly runId: string | null;
  readonly attempt: number | null;
  readonly host: string | null;
  /** Whose the run was; while none held the task, whose the task was in the end. */
  readonly assignee: string | null;
  readonly because: Because;
}

/** The life of the task up to now; empty before it was created. */
export function segmentsOf(past: TaskPast, nowMs: number): readonly Segment[] {
  const life = createLife(past);
  const line = createLine(past.taskId, nowMs);
  for (const event of past.events) {
    line.moveTo(event.meta.at);
    if (life.take(event)) line.turn(life.outlook(), event);
  }
  return line.end();
}

/** A stretch that may still grow. */
type Draft = { -readonly [Key in keyof Segment]: Segment[Key] };

/** Draws stretches from left to right. */
function createLine(taskId: string, nowMs: number) {
  const drawn: Draft[] = [];
  let atMs = Number.NEGATIVE_INFINITY;
  /** What the clock alone will make of it. */
  let ahead: Outlook | undefined;

  function moveTo(nextMs: number): void {
    const targetMs = Math.min(Math.max(atMs, nextMs), nowMs);
    pass((dueAtMs) => dueAtMs < targetMs);
    atMs = targetMs;
  }

  function pass(isPast: (dueAtMs: number) => boolean): void {
    const next = ahead?.next;
    if (ahead === undefined || !next || !isPast(next.fromAtMs)) return;
    const place = { atMs: Math.max(next.fromAtMs, atMs), position: null };
    begin({ ...ahead, kind: next.kind }, place, next.because);
    ahead = undefined;
  }

  /** What an event made of it; undefined: all stays as it was until another tells. */
  function turn(outlook: Outlook | undefined, event: Recorded): void {
    ahead = undefined;
    if (outlook === undefined) return;
    const { next } = outlook;
    const isDue = next !== null && next.fromAtMs <= atMs;
    if (!isDue) ahead = outlook;
    const now = isDue ? { ...outlook, kind: next.kind } : outlook;
    const last = drawn.at(-1);
    if (last?.kind === now.kind && last.runId === now.runId) {
      Object.assign(last, { assignee: now.assignee, host: now.host });
    } else {
      begin(now, { atMs, position: event.position }, becauseOf(event, taskId));
    }
  }

  function begin(
    { kind, runId, attempt, host, assignee }: Outlook,
    at: { readonly atMs: number; readonly position: number | null },
    because: Because,
  ): void {
    const last = drawn.at(-1);
    if (last !== undefined) Object.assign(last, { toAtMs: at.atMs, toPosition: at.position });
    const held = { runId, attempt, host, assignee };
    const from = { fromAtMs: at.atMs, fromPosition: at.position };
    const to = { toAtMs: nowMs, toPosition: null, isOpen: false };
    drawn.push({ kind, taskId, ...from, ...to, ...held, because });
  }

  function end(): readonly Segment[] {
    pass((dueAtMs) => dueAtMs <= nowMs);
    const last = drawn.at(-1);
    if (last !== undefined) last.isOpen = true;
    return drawn;
  }

  return { moveTo, turn, end };
}

function becauseOf({ type, position, stream, meta }: Recorded, taskId: string): Because {
  const isOfTask = stream.startsWith('task-');
  const happenedTo = isOfTask ? streamId(stream) : taskId;
  return { type, position, taskId: happenedTo, actor: meta.actor };
}
