/**
 * What can happen to a task. These shapes are permanent from the day they ship: a new need is a
 * new optional field, a new schema version with an upcaster, or a new event.
 */
import * as z from 'zod';
import { type EventsOf, shape } from '../event.ts';
import {
  bodyBytesMax,
  durationMsMax,
  line,
  listItemsMax,
  metadataSchema,
  nameCharsMax,
  pathCharsMax,
  priorityMax,
  text,
  textBytesMax,
  titleCharsMax,
} from '../limits.ts';
import { runPolicySchema } from '../policy.ts';
import { runOutcomes } from './outcomes.ts';

export { failureOutcomes, interruptionOf, type RunOutcome, runOutcomes } from './outcomes.ts';

/** A task id: `T-` and ten letters or digits of Crockford's base32. */
export const taskIdSchema = z.string().regex(/^T-[0-9A-HJKMNP-TV-Z]{10}$/, 'is not a task id');
/** A run id: `R-` and twelve letters or digits of Crockford's base32. */
export const runIdSchema = z.string().regex(/^R-[0-9A-HJKMNP-TV-Z]{12}$/, 'is not a run id');
/** A short name: assignee, tenant, model, skill … */
export const nameSchema = line(nameCharsMax);
/** An assignee: lower case, no spaces, so that it can be a key of the configuration. */
export const assigneeSchema = z
  .string()
  .max(nameCharsMax)
  .regex(/^[a-z0-9][a-z0-9._-]*$/, 'must be lower-case letters, digits, dot, dash or underscore');
/** A priority; the higher number goes first. */
export const prioritySchema = z.number().int().min(-priorityMax).max(priorityMax);
/** A title: one line without spaces around it. */
export const titleSchema = line(titleCharsMax).refine(
  (title) => title.trim() === title && title !== '',
  'must not be empty or begin or end with a space',
);
/** The body of a task. */
export const bodySchema = text(bodyBytesMax);
/** A summary, result, reason or error text. */
export const longTextSchema = text(textBytesMax);
/** A moment, UTC ms. */
export const atMsSchema = z.number().int().min(0).max(8.64e15);
/** A duration in ms, longer than nothing. */
export const durationMsSchema = z.number().int().min(1).max(durationMsMax);
/** The breaker's limit of one task. */
export const maxRetriesSchema = z.number().int().min(1).max(1_000_000);
const skillsSchema = z.array(
  nameSchema.refine((skill) => !skill.includes(','), 'contains a comma'),
);

/** Where a worker works: a managed scratch folder, a given folder, or a git worktree. */
export const workspaceSchema = z
  .object({
    kind: z.enum(['scratch', 'dir', 'worktree']),
    path: line(pathCharsMax)
      .refine((path) => path.startsWith('/'), 'must be an absolute path')
      .refine((path) => !path.split('/').includes('..'), 'must not contain ..')
      .optional(),
  })
  .refine((workspace) => workspace.kind !== 'scratch' || workspace.path === undefined, {
    message: 'a scratch workspace has no path of its own',
  })
  .refine((workspace) => workspace.kind !== 'dir' || workspace.path !== undefined, {
    message: 'a dir workspace needs an absolute path',
  });

/** The fields a person may set when creating a task and change later. */
export const taskFieldsSchema = z.object({
  title: titleSchema,
  body: bodySchema.optional(),
  assignee: assigneeSchema.optional(),
  priority: prioritySchema.optional(),
  tenant: nameSchema.optional(),
  workspace: workspaceSchema.optional(),
  branch: nameSchema.optional(),
  skills: skillsSchema.max(listItemsMax).optional(),
  model: nameSchema.optional(),
  maxRuntimeMs: durationMsSchema.optional(),
  maxRetries: maxRetriesSchema.optional(),
  workflowTemplateId: nameSchema.optional(),
  stepKey: nameSchema.optional(),
});

/**
 * What `TaskEdited` may change; null clears a field. Results can be set only once a task is done.
 */
export const taskChangesSchema = z
  .object({
    title: titleSchema,
    body: bodySchema.nullable(),
    tenant: nameSchema.nullable(),
    workspace: workspaceSchema.nullable(),
    branch: nameSchema.nullable(),
    skills: skillsSchema.max(listItemsMax),
    model: nameSchema.nullable(),
    maxRuntimeMs: durationMsSchema.nullable(),
    maxRetries: maxRetriesSchema.nullable(),
    workflowTemplateId: nameSchema.nullable(),
    stepKey: nameSchema.nullable(),
    summary: longTextSchema.nullable(),
    result: longTextSchema.nullable(),
    metadata: metadataSchema.nullable(),
  })
  .partial();
export type TaskChanges = z.infer<typeof taskChangesSchema>;

/** What a finished attempt hands on to whoever comes next. */
export const handOffSchema = z.object({
  summary: longTextSchema.optional(),
  result: longTextSchema.optional(),
  metadata: metadataSchema.optional(),
  artifacts: z
    .array(
      z.object({
        name: line(pathCharsMax),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
        bytes: z.number().int().min(0),
      }),
    )
    .max(listItemsMax)
    .optional(),
});
export type HandOff = z.infer<typeof handOffSchema>;

/** Why a task is blocked: a person is needed, or something outside the board. */
export const blockCauses = [
  'needs_input',
  'dependency',
  'capability',
  'transient',
  'operator',
] as const;
const causeSchema = z.enum(blockCauses);
export type BlockCause = (typeof blockCauses)[number];

const outcomeSchema = z.enum(runOutcomes);

const reason = longTextSchema.optional();
const holdSchema = z.enum(['schedule', 'backoff', 'rate_limit', 'outage']);
/** Why a task may not start yet. */
export type Hold = z.infer<typeof holdSchema>;

/** Every event of a `task-<taskId>` stream. */
export const taskEvents = {
  TaskCreated: shape(
    1,
    taskFieldsSchema.extend({
      parents: z.array(taskIdSchema).max(listItemsMax).optional(),
      idempotencyKey: nameSchema.optional(),
      notBeforeMs: atMsSchema.optional(),
      triage: z.boolean().optional(),
      initialBlock: longTextSchema.optional(),
      createdBy: nameSchema,
    }),
  ),
  TaskEdited: shape(1, z.object({ changes: taskChangesSchema })),
  TaskAssigned: shape(1, z.object({ assignee: assigneeSchema.nullable(), reason })),
  TaskReprioritized: shape(1, z.object({ priority: prioritySchema })),
  TaskScheduled: shape(1, z.object({ notBeforeMs: atMsSchema.nullable(), reason })),
  ParentAdded: shape(1, z.object({ parentId: taskIdSchema })),
  ParentRemoved: shape(1, z.object({ parentId: taskIdSchema })),
  TaskSpecified: shape(1, z.object({ changes: taskChangesSchema })),
  TaskClaimed: shape(
    1,
    z.object({
      runId: runIdSchema,
      attempt: z.number().int().min(1),
      claimedBy: nameSchema,
      host: nameSchema.optional(),
      ttlMs: durationMsSchema,
      policy: runPolicySchema,
    }),
  ),
  LeaseExtended: shape(
    1,
    z.object({
      runId: runIdSchema,
      ttlMs: durationMsSchema,
      reason: longTextSchema,
      evidence: metadataSchema,
    }),
  ),
  TaskRequeued: shape(
    1,
    z.object({
      runId: runIdSchema,
      outcome: outcomeSchema,
      notBeforeMs: atMsSchema.optional(),
      hold: holdSchema.optional(),
      /** Consecutive failures after this one; unchanged by endings that are nobody's fault. */
      failures: z.number().int().min(0),
      error: longTextSchema.optional(),
      /** The outage that a failure was excused by. */
      evidence: metadataSchema.optional(),
    }),
  ),
  TaskCompleted: shape(1, handOffSchema.extend({ runId: runIdSchema.optional() })),
  TaskBlocked: shape(
    1,
    z.object({ runId: runIdSchema.optional(), cause: causeSchema, reason: longTextSchema }),
  ),
  TaskUnblocked: shape(1, z.object({ reason })),
  TaskHalted: shape(
    1,
    z.object({
      runId: runIdSchema,
      outcome: outcomeSchema,
      /** Consecutive failures; the limit is theirs, or that of the interruptions like this one. */
      failures: z.number().int().min(0),
      limit: z.number().int().min(1),
      limitFrom: z.enum(['task', 'policy']),
      lastError: longTextSchema,
    }),
  ),
  TaskResumed: shape(1, z.object({ reason })),
  ReviewRequested: shape(1, handOffSchema.extend({ runId: runIdSchema.optional() })),
  ReviewApproved: shape(1, z.object({ reason })),
  ReviewRejected: shape(1, z.object({ reason: longTextSchema })),
  TaskPromoted: shape(
    1,
    z.object({ forced: z.boolean(), waivedParents: z.array(taskIdSchema), reason }),
  ),
  TaskReopened: shape(1, z.object({ reason })),
  FailuresReset: shape(1, z.object({ reason })),
  TaskArchived: shape(1, z.object({ reason })),
  TaskRestored: shape(1, z.object({ reason })),
  TaskTombstoned: shape(
    1,
    z.object({
      reason,
      /** Present when its text is forgotten with it; the reason is about that, and stays. */
      forgotten: z.object({ reason }).optional(),
    }),
  ),
} as const;

export type TaskEvent = EventsOf<typeof taskEvents>;
