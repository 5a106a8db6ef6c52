/** The document of `GET /api/v1/board`, and the snapshot it stands for. */
import type { Recorded } from '../../domain/catalogue.ts';
import type { Policy, RecordedPolicy } from '../../domain/policy.ts';
import type { RunRecord } from '../../domain/run/record.ts';
import type { OpenRun } from '../../domain/run/state.ts';
import type { TaskRecord } from '../../domain/task/record.ts';
import type { Task } from '../../domain/task/state.ts';
import type { Snapshot } from '../state/snapshot.ts';

/** A task as the document has it: without its long texts, and with its status at that moment. */
export type CardDocument = Omit<Task, 'body' | 'handOff'> &
  Omit<TaskRecord, 'task'> & { readonly summary: string | null; readonly hasBody: boolean };

/** An open run as the document has it. */
export type RunDocument = Omit<OpenRun, 'standing'> & Omit<RunRecord, 'run' | 'end'>;

/** Everything the page shows at first. */
export interface BoardDocument {
  readonly position: number;
  /** The wall clock of the server, ISO 8601. */
  readonly at: string;
  readonly board: {
    readonly board: string;
    readonly name: string | null;
    readonly epoch: string | null;
    readonly isPaused: boolean;
    readonly createdAt: string | null;
  };
  readonly policy: Policy;
  /** The assignees that have a worker definition. */
  readonly workers: readonly string[];
  readonly tasks: readonly CardDocument[];
  readonly runs: readonly RunDocument[];
  readonly dispatchers: readonly {
    readonly id: string;
    readonly host: string;
    readonly assignees: readonly string[];
    readonly policy: RecordedPolicy;
    readonly position: number;
  }[];
}

/** An event as the stream sends it. */
export type EventDocument = Recorded;

/** The snapshot that the document stands for. */
export function snapshotOf(document: BoardDocument): Snapshot {
  const { board } = document;
  return {
    position: document.position,
    board: {
      name: board.name ?? board.board,
      epoch: board.epoch ?? '',
      createdAtMs: board.createdAt === null ? 0 : Date.parse(board.createdAt),
      isPaused: board.isPaused,
      policy: null,
    },
    tasks: document.tasks.map(taskRecordOf),
    runs: document.runs.map(runRecordOf),
    dispatchers: document.dispatchers.map(({ id, host, assignees, policy, position }) => {
      return { dispatcherId: id, host, assignees, maxRunning: policy.maxRunning, position };
    }),
  };
}

function taskRecordOf(card: CardDocument): TaskRecord {
  return {
    seq: card.seq,
    taskId: card.taskId,
    task: taskOf(card),
    // A task that is due is ready for people; to the fold it is scheduled until it is claimed.
    status: card.status === 'ready' && isHeld(card) ? 'scheduled' : card.status,
    openParents: card.openParents,
    childrenTotal: card.childrenTotal,
    childrenDone: card.childrenDone,
    commentCount: card.commentCount,
    becameReadyAtMs: card.becameReadyAtMs,
    firstClaimedAtMs: card.firstClaimedAtMs,
    updatedAtMs: card.updatedAtMs,
    version: card.version,
    position: card.position,
  };
}

function taskOf(card: CardDocument): Task {
  return {
    title: card.title,
    body: null,
    assignee: card.assignee,
    priority: card.priority,
    tenant: card.tenant,
    parents: card.parents,
    workspace: card.workspace,
    branch: card.branch,
    skills: card.skills,
    model: card.model,
    maxRuntimeMs: card.maxRuntimeMs,
    maxRetries: card.maxRetries,
    idempotencyKey: card.idempotencyKey,
    workflowTemplateId: card.workflowTemplateId,
    stepKey: card.stepKey,
    createdBy: card.createdBy,
    createdAtMs: card.createdAtMs,
    attempts: card.attempts,
    failures: card.failures,
    interruptions: card.interruptions,
    lastError: card.lastError,
    notBeforeMs: card.notBeforeMs,
    hold: card.hold,
    waivedParents: card.waivedParents,
    handOff: card.summary === null ? null : { summary: card.summary },
    standing: card.standing,
  };
}

function isHeld({ notBeforeMs, standing, openParents }: CardDocument): boolean {
  return standing.status === 'queued' && openParents === 0 && notBeforeMs !== null;
}

function runRecordOf(run: RunDocument): RunRecord {
  return {
    seq: run.seq,
    runId: run.runId,
    run: {
      standing: 'open',
      opened: run.opened,
      openedAtMs: run.openedAtMs,
      process: run.process,
      spawnedAtMs: run.spawnedAtMs,
      startedAtMs: run.startedAtMs,
      beats: run.beats,
      note: run.note,
      progress: run.progress,
      progressAtMs: run.progressAtMs,
    },
    end: null,
    leaseTtlMs: run.leaseTtlMs,
    leaseExtendedAtMs: run.leaseExtendedAtMs,
    inputTokens: run.inputTokens,
    outputTokens: run.outputTokens,
    costUsd: run.costUsd,
    version: run.version,
    position: run.position,
  };
}
