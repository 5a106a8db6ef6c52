/** The document of `GET /api/v1/picture`: lives in exact stretches, and what happened around. */
import type { Because } from '../../domain/life.ts';
import type { Mark } from '../../domain/marks.ts';
import type { Segment } from '../../domain/segments.ts';
import type { Bar, Life, Sign } from '../../gantt/rows.mjs';
import { durationText } from '../../gantt/ticks.mjs';

/** The document; times are UTC ms. */
export interface PictureDocument {
  readonly fromAtMs: number;
  readonly toAtMs: number;
  readonly nowMs: number;
  readonly tasks: readonly {
    readonly taskId: string;
    readonly title: string;
    readonly segments: readonly Segment[];
    readonly marks: readonly Mark[];
  }[];
  /** What concerned the whole board. */
  readonly marks: readonly Mark[];
  /** Older tasks that are left out. */
  readonly omitted: number;
}

/** The lives as they are drawn. */
export function livesOf({ tasks }: PictureDocument): readonly Life[] {
  return tasks.map(({ taskId, title, segments, marks }) => {
    const signs = marks.map(signOf).sort((one, other) => one.atMs - other.atMs);
    return { taskId, title, bars: segments.map(barOf), signs };
  });
}

/** A mark as it is drawn. */
export function signOf({ data, type, actor, ...mark }: Mark): Sign {
  return { ...mark, what: `${wordsOf(type)}${saidIn(data)}`, by: `${actor.kind} ${actor.id}` };
}

function barOf({ because, ...segment }: Segment): Bar {
  return { ...segment, why: becauseWords(because, segment.taskId) };
}

function becauseWords(because: Because, ofTask: string): string {
  if (because.type === 'came_due') return 'its time came';
  if (because.type === 'lease_over') return `silent for ${durationText(because.leaseMs)}`;
  const { type, position, taskId, actor } = because;
  const whose = taskId === ofTask ? '' : ` of ${taskId}`;
  return `${wordsOf(type)}${whose} (#${position}, ${actor.kind} ${actor.id})`;
}

/** The type of an event in words: `RunReclaimed` is `run reclaimed`. */
function wordsOf(type: string): string {
  return type.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
}

/** What an event gives as its cause, if it does. */
function saidIn(data: Mark['data']): string {
  for (const name of ['attempted', 'error', 'lastError', 'reason', 'text'] as const) {
    const said = (data as Readonly<Record<string, unknown>>)[name];
    if (typeof said === 'string' && said !== '') return `: ${said}`;
  }
  return '';
}
