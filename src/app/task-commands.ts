/** Commands on tasks: gather the facts, decide, append. */
import { streams } from '../domain/catalogue.ts';
import { closesCycle } from '../domain/readiness.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import { said } from '../domain/said.ts';
import type { CreateTaskInput, TaskCommand } from '../domain/task/commands.ts';
import type { BlockCause, HandOff, TaskChanges } from '../domain/task/events.ts';
import type { Version } from '../log/event-log.ts';
import type { Caller, Execute, Plan, PlannedWrite, Stored } from './execute.ts';
import type { Loaded, Loader } from './load.ts';
import { decideOn, guardAt, readParents, taskWrites, writeAt } from './plans.ts';

/** The answer to a command on a task. */
export interface TaskAnswer {
  readonly refused: false;
  readonly taskId: string;
  /** Version of the task's stream after the command. */
  readonly version: Version;
  /** Position to wait for to read one's own write. */
  readonly position: number;
  /** False when the command found its work done already. */
  readonly changed: boolean;
}

export interface NewTask extends Omit<CreateTaskInput, 'createdBy'> {
  readonly createdBy?: string;
}

export type TaskCommands = ReturnType<typeof createTaskCommands>;

/** Parents visited while looking for a circle before a link is refused as too deep. */
const cycleVisitsMax = 10_000;

/** The commands on tasks, in the name of one caller. */
export function createTaskCommands(deps: {
  execute: Execute;
  loader: Loader;
  caller: Caller;
  ids: { taskId(idempotencyKey?: string, round?: number): string; runId(): string };
}) {
  const { execute, loader, caller, ids } = deps;

  /** Decides one command on one task and appends what follows. */
  function decideAndWrite(taskId: string, command: TaskCommand, reason: string) {
    return execute<TaskAnswer>(caller, async (nowMs) => {
      const loaded = await loader.task(taskId);
      const decision = decideOn(taskId, loaded, command);
      if (decision.refused) return decision;
      const decided = { events: decision.events, caller, nowMs, reason };
      return planFor(taskId, loaded, await taskWrites(loader, loaded, decided));
    });
  }

  /** Creates a task; the same idempotency key finds the task it made before, unless archived. */
  async function create(fields: NewTask): Promise<TaskAnswer | Refusal> {
    const createdBy = fields.createdBy ?? caller.actor.id;
    for (let round = 0; ; round += 1) {
      const taskId = ids.taskId(fields.idempotencyKey, round);
      const answer = await createAs(taskId, said({ ...fields, createdBy }) as CreateTaskInput);
      if (answer !== 'taken') return answer;
    }
  }

  function createAs(taskId: string, fields: CreateTaskInput) {
    return execute<TaskAnswer | 'taken'>(caller, async () => {
      const loaded = await loader.task(taskId);
      if (isTaken(loaded, fields)) return { refused: false, writes: [], answer: () => 'taken' };
      const missingParents = await missing(fields.parents ?? []);
      const decision = decideOn(taskId, loaded, { type: 'CreateTask', fields, missingParents });
      if (decision.refused) return decision;
      return planFor(taskId, loaded, [writeAt(loaded, decision.events)]);
    });
  }

  async function missing(parents: readonly string[]): Promise<readonly string[]> {
    const loaded = await Promise.all(parents.map((id) => loader.task(id)));
    return parents.filter((_, index) => loaded[index]?.state === undefined);
  }

  function link(parentId: string, childId: string): Promise<TaskAnswer | Refusal> {
    return execute<TaskAnswer>(caller, async () => {
      const loaded = await loader.task(childId);
      const parent = await loader.task(parentId);
      const walked = await ancestors(parentId);
      const circle = closesCycle({ childId, parentId }, (id) => walked.parentsOf(id));
      const decision = decideOn(childId, loaded, {
        type: 'AddParent',
        taskId: childId,
        parentId,
        parentExists: parent.state !== undefined,
        closesCycle: circle,
      });
      if (decision.refused) return decision;
      const guards = decision.events.length === 0 ? [] : walked.guards;
      return planFor(childId, loaded, [writeAt(loaded, decision.events), ...guards]);
    });
  }

  /** Everything above a task, pinned, so that two links made at once cannot close a circle. */
  async function ancestors(taskId: string) {
    const seen = new Map<string, Loaded<{ parents: readonly string[] } | undefined>>();
    const open = [taskId];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (seen.has(id)) continue;
      const loaded = await loader.task(id);
      seen.set(id, loaded);
      open.push(...(loaded.state?.parents ?? []));
      if (seen.size > cycleVisitsMax) throw new Error(`more than ${cycleVisitsMax} ancestors`);
    }
    return {
      parentsOf: (id: string) => seen.get(id)?.state?.parents ?? [],
      guards: [...seen.values()].map(guardAt),
    };
  }

  /** Declares a task done. With no run open, a zero-length run keeps the hand-off. */
  function complete(taskId: string, handOff: HandOff): Promise<TaskAnswer | Refusal> {
    return settle(taskId, { reason: `completed by ${caller.actor.id}`, handOff }, (facts) => ({
      type: 'CompleteTask',
      handOff,
      ...facts,
    }));
  }

  function block(
    taskId: string,
    why: { cause: BlockCause; reason: string },
  ): Promise<TaskAnswer | Refusal> {
    return settle(taskId, { reason: `blocked by ${caller.actor.id}`, block: why }, (facts) => ({
      type: 'BlockTask',
      ...why,
      recordRunId: facts.recordRunId,
    }));
  }

  interface Verdict {
    readonly reason: string;
    readonly handOff?: HandOff;
    readonly block?: { cause: BlockCause; reason: string };
  }
  interface VerdictFacts {
    readonly openParents: readonly string[];
    readonly recordRunId: string;
  }

  function settle(
    taskId: string,
    verdict: Verdict,
    command: (facts: VerdictFacts) => TaskCommand,
  ): Promise<TaskAnswer | Refusal> {
    const recordRunId = ids.runId();
    return execute<TaskAnswer>(caller, async (nowMs) => {
      const loaded = await loader.task(taskId);
      const parents = await readParents(loader, loaded.state ?? { parents: [], waivedParents: [] });
      const facts = { openParents: parents.open, recordRunId };
      const decision = decideOn(taskId, loaded, command(facts));
      if (decision.refused) return decision;
      const decided = { events: decision.events, caller, nowMs, reason: verdict.reason };
      const writes = await taskWrites(loader, loaded, decided);
      const isRunning = loaded.state?.standing.status === 'running';
      const record = isRunning ? [] : [recordRun(taskId, recordRunId, loaded, verdict)];
      return planFor(taskId, loaded, [...record, ...writes]);
    });
  }

  function recordRun(
    taskId: string,
    runId: string,
    loaded: Loaded<{ attempts: number } | undefined>,
    verdict: Verdict,
  ): PlannedWrite {
    const heartbeats = { count: 0, maxGapMs: 0 };
    const attempt = (loaded.state?.attempts ?? 0) + 1;
    const claimedBy = caller.actor.id;
    const ending =
      verdict.block === undefined
        ? { type: 'RunCompleted' as const, data: { heartbeats, ...verdict.handOff, review: false } }
        : { type: 'RunBlocked' as const, data: { heartbeats, ...verdict.block } };
    const opened = { taskId, attempt, kind: 'record' as const, claimedBy, ttlMs: 1 };
    return {
      stream: streams.run(runId),
      expected: 'no_stream',
      events: [{ type: 'RunOpened', data: opened }, ending],
    };
  }

  function promote(
    taskId: string,
    how: { forced: boolean; reason?: string | undefined },
  ): Promise<TaskAnswer | Refusal> {
    return execute<TaskAnswer>(caller, async () => {
      const loaded = await loader.task(taskId);
      const parents = await readParents(loader, loaded.state ?? { parents: [], waivedParents: [] });
      const command = { type: 'PromoteTask' as const, ...how, openParents: parents.open };
      const decision = decideOn(taskId, loaded, command);
      if (decision.refused) return decision;
      return planFor(taskId, loaded, [writeAt(loaded, decision.events)]);
    });
  }

  function review(
    taskId: string,
    verdict: { approve: boolean; reason?: string | undefined },
  ): Promise<TaskAnswer | Refusal> {
    const { approve, reason } = verdict;
    if (approve) return decideAndWrite(taskId, { type: 'ApproveReview', reason }, 'approved');
    if (reason !== undefined) {
      return decideAndWrite(taskId, { type: 'RejectReview', reason }, 'rejected');
    }
    const refusal = refuse('invalid', 'A rejection needs a reason for the next attempt.', {
      hint: 'Say why with --reason.',
      facts: { taskId },
    });
    return Promise.resolve(refusal);
  }

  const by = caller.actor.id;
  return {
    create,
    link,
    complete,
    block,
    promote,
    review,
    unlink: (parentId: string, childId: string) =>
      decideAndWrite(childId, { type: 'RemoveParent', parentId }, `unlinked by ${by}`),
    edit: (taskId: string, changes: TaskChanges) =>
      decideAndWrite(taskId, { type: 'EditTask', changes }, `edited by ${by}`),
    specify: (taskId: string, changes: TaskChanges) =>
      decideAndWrite(taskId, { type: 'SpecifyTask', changes }, `specified by ${by}`),
    assign: (taskId: string, assignee: string | null, reason?: string) =>
      decideAndWrite(taskId, { type: 'AssignTask', assignee, reason }, `assigned by ${by}`),
    reprioritize: (taskId: string, priority: number) =>
      decideAndWrite(taskId, { type: 'ReprioritizeTask', priority }, `reprioritized by ${by}`),
    schedule: (taskId: string, notBeforeMs: number | null, reason?: string) =>
      decideAndWrite(taskId, { type: 'ScheduleTask', notBeforeMs, reason }, `scheduled by ${by}`),
    unblock: (taskId: string, reason?: string) =>
      decideAndWrite(taskId, { type: 'UnblockTask', reason }, `unblocked by ${by}`),
    reopen: (taskId: string, reason?: string) =>
      decideAndWrite(taskId, { type: 'ReopenTask', reason }, `reopened by ${by}`),
    resetFailures: (taskId: string, reason?: string) =>
      decideAndWrite(taskId, { type: 'ResetFailures', reason }, `forgiven by ${by}`),
    archive: (taskId: string, reason?: string) =>
      decideAndWrite(taskId, { type: 'ArchiveTask', reason }, `archived by ${by}`),
    restore: (taskId: string, reason?: string) =>
      decideAndWrite(taskId, { type: 'RestoreTask', reason }, `restored by ${by}`),
    tombstone: (taskId: string, reason?: string) =>
      decideAndWrite(taskId, { type: 'TombstoneTask', reason }, `removed by ${by}`),
  };
}

/** A derived id that an archived task holds is free for the next; a random one must be new. */
function isTaken(
  loaded: Loaded<{ idempotencyKey: string | null; standing: { status: string } } | undefined>,
  fields: CreateTaskInput,
): boolean {
  const task = loaded.state;
  if (task === undefined) return false;
  if (fields.idempotencyKey === undefined || task.idempotencyKey !== fields.idempotencyKey) {
    return true;
  }
  return task.standing.status === 'archived' || task.standing.status === 'tombstoned';
}

function planFor(
  taskId: string,
  loaded: Loaded<unknown>,
  writes: readonly PlannedWrite[],
): Plan<TaskAnswer> {
  const index = writes.findIndex((write) => write.stream === loaded.stream);
  const answer = (stored: Stored): TaskAnswer => ({
    refused: false,
    taskId,
    version: stored.versions[index] ?? loaded.version,
    position: stored.position ?? loaded.position,
    changed: stored.position !== undefined,
  });
  return { refused: false, writes, answer };
}
