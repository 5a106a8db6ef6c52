/** The shapes of answers, as far as the OpenAPI document promises them; there may be more. */
import * as z from 'zod';
import { statuses } from '../domain/readiness.ts';
import { runOutcomes } from '../domain/task/events.ts';

const moment = z.iso.datetime();

/** A task. */
export const taskDocument = z
  .looseObject({
    id: z.string(),
    title: z.string(),
    body: z.string().nullable(),
    status: z.enum(statuses),
    assignee: z.string().nullable(),
    priority: z.number(),
    tenant: z.string().nullable(),
    /** The revision: what `If-Match` names. */
    version: z.number(),
    position: z.number(),
    parents: z.array(z.string()),
    children: z.array(z.string()),
    attempts: z.number(),
    failures: z.number(),
    runId: z.string().nullable(),
    createdAt: moment,
    updatedAt: moment,
  })
  .meta({ id: 'Task' });

/** A run. */
export const runDocument = z
  .looseObject({
    id: z.string(),
    taskId: z.string(),
    attempt: z.number(),
    version: z.number(),
    claimedAt: moment,
    leaseUntil: moment.nullable(),
    outcome: z.enum(runOutcomes).nullable(),
  })
  .meta({ id: 'Run' });

/** A comment. */
export const commentDocument = z
  .looseObject({
    position: z.number(),
    taskId: z.string(),
    author: z.string(),
    body: z.string(),
    at: moment,
  })
  .meta({ id: 'Comment' });

/** An entry of the timeline. */
export const entryDocument = z
  .looseObject({
    position: z.number(),
    ordinal: z.number(),
    at: moment,
    taskId: z.string().nullable(),
    type: z.string(),
  })
  .meta({ id: 'Entry' });

/** An event. */
export const eventDocument = z
  .looseObject({
    position: z.number(),
    stream: z.string(),
    version: z.number(),
    id: z.string(),
    type: z.string(),
    data: z.looseObject({}),
    meta: z.looseObject({}),
    recordedAtMs: z.number(),
  })
  .meta({ id: 'Event' });
