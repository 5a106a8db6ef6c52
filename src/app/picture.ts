/** What a picture of the past shows: the lives of tasks side by side, and what happened around. */
import type { Queries } from '../../projections/queries.ts';
import { type Recorded, streams } from '../domain/catalogue.ts';
import { type Mark, markOf } from '../domain/marks.ts';
import { type Segment, segmentsOf } from '../domain/segments.ts';
import type { PastReader } from './task-past.ts';

/** The life of one task. */
export interface PicturedTask {
  readonly taskId: string;
  readonly title: string;
  readonly segments: readonly Segment[];
  readonly marks: readonly Mark[];
}

/** Tasks over a stretch of time. */
export interface Picture {
  /** What is shown at first, UTC ms. Lives may have begun before. */
  readonly fromAtMs: number;
  readonly toAtMs: number;
  readonly tasks: readonly PicturedTask[];
  /** What concerned the whole board within that time. */
  readonly marks: readonly Mark[];
}

/** Which tasks, seen when, and between which moments (UTC ms); by default their whole lives. */
export interface PictureWanted {
  readonly taskIds: readonly string[];
  readonly nowMs: number;
  readonly fromAtMs?: number | undefined;
  readonly toAtMs?: number | undefined;
}

/** What is shown beyond the last thing that happened, as a share of the whole. */
const marginShare = 0.03;

/** Dispatchers whose comings and goings are looked up. */
const dispatchersMax = 200;

/** Puts a picture together; tasks nobody knows are left out. */
export async function readPicture(
  reader: PastReader,
  queries: Queries,
  wanted: PictureWanted,
): Promise<Picture> {
  const tasks: PicturedTask[] = [];
  for (const taskId of wanted.taskIds) {
    const task = queries.task(taskId, wanted.nowMs);
    if (task !== undefined) tasks.push(await pictureTask(reader, task, wanted.nowMs));
  }
  const span = spanOf(tasks, wanted);
  const around = (await boardEvents(reader, queries)).flatMap((event) => markOf(event) ?? []);
  const marks = around.filter(({ atMs }) => span.fromAtMs <= atMs && atMs <= span.toAtMs);
  return { ...span, tasks, marks };
}

async function pictureTask(
  reader: PastReader,
  { taskId, title }: { readonly taskId: string; readonly title: string },
  nowMs: number,
): Promise<PicturedTask> {
  const past = await reader.task(taskId);
  const ofTask = past.events.flatMap((event) => markOf(event, taskId) ?? []);
  const marks = ofTask.filter((mark) => mark.taskId === taskId);
  return { taskId, title, segments: segmentsOf(past, nowMs), marks };
}

/** From the first creation to the last thing that happened; to now, while somebody is at work. */
function spanOf(tasks: readonly PicturedTask[], wanted: PictureWanted) {
  const { nowMs } = wanted;
  const segments = tasks.flatMap((task) => task.segments);
  const isAtWork = segments.some(({ isOpen, runId }) => isOpen && runId !== null);
  const moments = [
    ...segments.map(({ fromAtMs }) => fromAtMs),
    ...tasks.flatMap(({ marks }) => marks.map(({ atMs }) => Math.min(atMs, nowMs))),
  ];
  const first = moments.reduce((one, other) => Math.min(one, other), nowMs);
  const last = moments.reduce((one, other) => Math.max(one, other), first);
  const end = isAtWork ? nowMs : Math.min(nowMs, last + (last - first) * marginShare);
  const fromAtMs = wanted.fromAtMs ?? first;
  return { fromAtMs, toAtMs: Math.max(fromAtMs, wanted.toAtMs ?? end) };
}

async function boardEvents(reader: PastReader, queries: Queries): Promise<readonly Recorded[]> {
  const dispatchers = queries.dispatchers().slice(0, dispatchersMax);
  const names = dispatchers.map(({ dispatcherId }) => streams.dispatcher(dispatcherId));
  const events = await Promise.all([streams.board, ...names].map(reader.stream));
  return events.flat().sort((one, other) => one.position - other.position);
}
