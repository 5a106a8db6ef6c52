/** Every event there can be, drawn by chance: one generator of payloads per event type. */
import fc from 'fast-check';
import type { BoardDomainEvent, EventType } from '../../src/domain/catalogue.ts';
import { type EventMeta, surfaces } from '../../src/domain/event.ts';
import { durationMsMax, metadataProblem, priorityMax } from '../../src/domain/limits.ts';
import { defaultPolicy, runPolicy } from '../../src/domain/policy.ts';
import { blockCauses, runOutcomes } from '../../src/domain/task/events.ts';

type DataOf<T extends EventType> = Extract<BoardDomainEvent, { type: T }>['data'];
type Payloads = { readonly [T in EventType]: fc.Arbitrary<DataOf<T>> };
type Arbitraries<T> = { [K in keyof T]: fc.Arbitrary<T[K]> };

const crockford = [...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'];
const idOf = (prefix: string, chars: number) =>
  fc
    .string({ unit: fc.constantFrom(...crockford), minLength: chars, maxLength: chars })
    .map((tail) => `${prefix}-${tail}`);
const taskId = idOf('T', 10);
const runId = idOf('R', 12);

const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const title = name.map((text) => text.trim()).filter((text) => text !== '');
const prose = fc.array(fc.string({ unit: 'grapheme' })).map((lines) => lines.join('\n\t'));
const assignee = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,9}$/);
const path = name.map((part) => `/${part.replaceAll('..', '')}`);
const skill = name.filter((text) => !text.includes(','));
const count = fc.nat();
const positive = fc.integer({ min: 1, max: 1_000_000 });
const atMs = fc.nat(8.64e15);
const durationMs = fc.integer({ min: 1, max: durationMsMax });
const sha256 = fc.stringMatching(/^[0-9a-f]{64}$/);
const share = fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0);
const metadata = fc
  .dictionary(name, fc.jsonValue(), { noNullPrototype: true })
  .map((value) => JSON.parse(JSON.stringify(value)) as typeof value)
  .filter((value) => metadataProblem(value) === undefined) as fc.Arbitrary<
  DataOf<'RunReclaimed'>['evidence']
>;

const workspace = fc.oneof(
  fc.constant({ kind: 'scratch' as const }),
  path.map((given) => ({ kind: 'dir' as const, path: given })),
  fc.oneof(
    fc.constant({ kind: 'worktree' as const }),
    path.map((given) => ({ kind: 'worktree' as const, path: given })),
  ),
);
const policy = fc
  .record({ claimTtlMs: durationMs, failureLimit: positive, defaultAssignee: fc.option(assignee) })
  .map((chosen) => ({ ...defaultPolicy, ...chosen }));

/** A record in which everything may be missing. */
function perhaps<T>(parts: Arbitraries<T>): fc.Arbitrary<Partial<T>> {
  return fc.record(parts, { requiredKeys: [], noNullPrototype: true }) as fc.Arbitrary<Partial<T>>;
}

/** A record of which the first part is always there. */
function record<R, O = unknown>(
  required: Arbitraries<R>,
  optional = {} as Arbitraries<O>,
): fc.Arbitrary<R & Partial<O>> {
  return fc
    .tuple(fc.record(required, { noNullPrototype: true }), perhaps(optional))
    .map(([must, may]) => ({ ...may, ...must }) as R & Partial<O>);
}

const reason = perhaps({ reason: prose });
const handOff = {
  summary: prose,
  result: prose,
  metadata,
  artifacts: fc.array(record({ bytes: count, sha256, name })),
};
const descriptive = {
  body: prose,
  tenant: name,
  workspace,
  branch: name,
  model: name,
  maxRuntimeMs: durationMs,
  maxRetries: positive,
  workflowTemplateId: name,
  stepKey: name,
};
const changes = perhaps({
  title,
  skills: fc.array(skill),
  ...nullable(descriptive),
  ...nullable({ summary: prose, result: prose, metadata }),
});

function nullable<T>(parts: Arbitraries<T>): Arbitraries<{ [K in keyof T]: T[K] | null }> {
  const entries = Object.entries<fc.Arbitrary<unknown>>(parts);
  return Object.fromEntries(entries.map(([key, part]) => [key, fc.option(part)])) as never;
}

const heartbeats = record({ count, maxGapMs: count }, { firstAt: atMs, lastAt: atMs });
const evidence = metadata;
const judged = { heartbeats, evidence };
const cause = fc.constantFrom(...blockCauses);
const outcome = fc.constantFrom(...runOutcomes);
const actor = record({
  kind: fc.constantFrom('human', 'worker', 'dispatcher', 'system'),
  id: name,
}) as fc.Arbitrary<EventMeta['actor']>;

/** Payloads of every event type. */
export const payloads: Payloads = {
  TaskCreated: record(
    { title, createdBy: name },
    {
      ...descriptive,
      assignee,
      priority: fc.integer({ min: -priorityMax, max: priorityMax }),
      skills: fc.array(skill),
      parents: fc.array(taskId),
      idempotencyKey: name,
      notBeforeMs: atMs,
      triage: fc.boolean(),
      initialBlock: prose,
    },
  ),
  TaskEdited: record({ changes }),
  TaskAssigned: record({ assignee: fc.option(assignee) }, { reason: prose }),
  TaskReprioritized: record({ priority: fc.integer({ min: -priorityMax, max: priorityMax }) }),
  TaskScheduled: record({ notBeforeMs: fc.option(atMs) }, { reason: prose }),
  ParentAdded: record({ parentId: taskId }),
  ParentRemoved: record({ parentId: taskId }),
  TaskSpecified: record({ changes }),
  TaskClaimed: record(
    { runId, attempt: positive, claimedBy: name, ttlMs: durationMs, policy: policy.map(runPolicy) },
    { host: name },
  ),
  LeaseExtended: record({ runId, ttlMs: durationMs, reason: prose, evidence }),
  TaskRequeued: record(
    { runId, outcome, failures: count },
    {
      notBeforeMs: atMs,
      hold: fc.constantFrom('schedule', 'backoff', 'rate_limit', 'outage'),
      error: prose,
      evidence,
    },
  ),
  TaskCompleted: perhaps({ ...handOff, runId }),
  TaskBlocked: record({ cause, reason: prose }, { runId }),
  TaskUnblocked: reason,
  TaskHalted: record({
    runId,
    outcome,
    failures: count,
    limit: positive,
    limitFrom: fc.constantFrom('task', 'policy'),
    lastError: prose,
  }),
  TaskResumed: reason,
  ReviewRequested: perhaps({ ...handOff, runId }),
  ReviewApproved: reason,
  ReviewRejected: record({ reason: prose }),
  TaskPromoted: record(
    { forced: fc.boolean(), waivedParents: fc.array(taskId) },
    { reason: prose },
  ),
  TaskReopened: reason,
  FailuresReset: reason,
  TaskArchived: reason,
  TaskRestored: reason,
  TaskTombstoned: perhaps({ reason: prose, forgotten: reason }),

  RunOpened: record(
    {
      taskId,
      attempt: positive,
      kind: fc.constantFrom('worker', 'external', 'record'),
      claimedBy: name,
      ttlMs: durationMs,
    },
    { assignee: name, host: name, launchLeaseMs: durationMs, tokenHash: sha256 },
  ),
  WorkerSpawned: record({
    pid: positive,
    startTime: name,
    bootId: name,
    host: name,
    nonce: name,
    workspace: path,
    logPath: path,
    argv: fc.array(name),
  }),
  WorkerStarted: record({ guard: fc.constantFrom('launcher', 'worker') }),
  HeartbeatRecorded: record({ coalesced: count }, { note: name, progress: share }),
  UsageRecorded: perhaps({
    model: name,
    inputTokens: count,
    outputTokens: count,
    costUsd: share,
    metadata,
  }),
  RunCompleted: record({ heartbeats, review: fc.boolean() }, { ...handOff, evidence }),
  RunBlocked: record({ heartbeats, cause, reason: prose }, { evidence }),
  RunReleased: record({ heartbeats }, { reason: prose, evidence }),
  RunReclaimed: record({ ...judged, reason: prose }),
  RunCrashed: record({ ...judged, error: prose }, { exitCode: count, signal: name }),
  RunTimedOut: record({ ...judged, limitMs: durationMs, elapsedMs: count }),
  RunWentStale: record({ ...judged, silentMs: count }),
  SpawnFailed: record({ heartbeats, error: prose }, { errno: name }),
  ProtocolViolated: record({ ...judged, exitCode: count }),
  RunRateLimited: record({ ...judged, holdMs: count }, { exitCode: count }),
  RunCanceled: record({ heartbeats, reason: prose }, { evidence }),

  CommentAdded: record(
    { body: prose.filter((text) => text.trim() !== ''), author: name },
    { runId },
  ),
  BoardCreated: record({ name, epoch: name }),
  BoardRenamed: record({ name }),
  PolicyChanged: record(
    { policy },
    { dispatcher: fc.record({ id: name, assignees: fc.array(name) }) },
  ),
  BoardPaused: reason,
  BoardResumed: reason,
  LogThinned: record({
    from: fc.integer({ min: 1, max: 9_000 }),
    upTo: fc.integer({ min: 1, max: 9_000 }),
    removed: fc.integer({ min: 1, max: 2_000 }),
    digest: fc.stringMatching(/^[0-9a-f]{64}$/),
    beats: fc.uint8Array({ minLength: 1 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  }),
  LogSegmented: record({
    from: fc.integer({ min: 1, max: 9_000 }),
    upTo: fc.integer({ min: 1, max: 9_000 }),
    events: fc.integer({ min: 1, max: 9_000 }),
    before: fc.stringMatching(/^[0-9a-f]{64}$/),
    hash: fc.stringMatching(/^[0-9a-f]{64}$/),
    bytes: fc.integer({ min: 1, max: 9_000_000 }),
    digest: fc.stringMatching(/^[0-9a-f]{64}$/),
  }),
  LogSealed: record({ upTo: count, digest: name }),
  DispatcherStarted: record(
    {
      policy,
      host: name,
      bootId: name,
      pid: positive,
      programVersion: name,
      assignees: fc.array(name),
    },
    {
      startTime: name,
      workers: fc.dictionary(assignee, perhaps({ max: positive, lacks: fc.array(name) }), {
        noNullPrototype: true,
      }),
    },
  ),
  DispatcherStopped: record({ reason: prose }),
  WriteRefused: record(
    { runId, attempted: name, code: name, by: actor, actualVersion: count },
    { expectedVersion: count, preview: prose },
  ),
  RefusalsSummarized: record({ runId, countedFrom: positive }),
};

/** Metadata around an event. */
export const metas: fc.Arbitrary<EventMeta> = fc.record({
  actor,
  surface: fc.constantFrom(...surfaces),
  commandId: fc.uuid(),
  $correlationId: fc.uuid(),
  $causationId: fc.uuid(),
  at: atMs,
});
