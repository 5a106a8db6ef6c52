/** What is answered after a command on a task. */
import * as z from 'zod';
import { streams } from '../domain/catalogue.ts';
import type { Position } from '../log/event-log.ts';
import { taskJson } from '../wire/task-json.ts';
import { taskDocument } from './documents.ts';
import type { Call, Reply } from './route.ts';
import type { Acted } from './task-actions.ts';

/** A task, and whether anything was changed. */
export const changedTask = taskDocument.extend({ changed: z.boolean() });

/** The task as it stands after a command, and what became of the command. */
export async function actedOn(
  { read }: Pick<Call, 'read'>,
  taskId: string,
  facts: { readonly changed: boolean; readonly created?: boolean; readonly position: Position },
): Promise<Reply> {
  const { queries, nowMs } = await read();
  const task = queries.task(taskId, nowMs);
  if (task === undefined) throw new Error(`the tables lost task ${taskId}`);
  const { position, ...said } = facts;
  const json = { ...taskJson(task, queries, nowMs), ...said };
  return { json, position, headers: { ETag: `"${task.version}"` } };
}

/** Sends a command on a task, unless the log has it already, and answers the task. */
export async function actOnce(call: Call, taskId: string, act: () => Acted): Promise<Reply> {
  const earlier = await call.earlier(streams.task(taskId));
  if (earlier !== undefined) return actedOn(call, taskId, { changed: true, position: earlier });
  const answer = await act();
  if (answer.refused) return answer;
  const { changed, position } = answer;
  return actedOn(call, taskId, { changed, position });
}
