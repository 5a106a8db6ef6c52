/** A row of `runs`: what readers of the table see. */

import type Database from 'better-sqlite3';
import type { Actor } from '../../src/domain/event.ts';
import type { RunEnding, RunRecord } from '../../src/domain/run/record.ts';
import type { OpenRun, RunFacts } from '../../src/domain/run/state.ts';
import type { RunOutcome } from '../../src/domain/task/events.ts';
import { prepareSave, tableOf } from '../table.ts';

/** One attempt at a task. Times are wall clock, UTC ms, for display. */
export interface RunRow extends RunFacts {
  /** Position of `RunOpened`: the lower, the older. */
  readonly seq: number;
  readonly runId: string;
  readonly taskId: string;
  /** 1 for the first attempt at the task. */
  readonly attempt: number;
  readonly assignee: string | null;
  /** How long the run may stay silent, ms: as claimed, or as the last extension says. */
  readonly leaseTtlMs: number;
  /** When the dispatcher last extended the lease; null if it never did. */
  readonly leaseExtendedAtMs: number | null;
  /** Sums over the usage the worker reported. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
  /** Null while the run is open, like everything about its ending. */
  readonly outcome: RunOutcome | null;
  readonly ending: RunEnding | null;
  readonly endedAtMs: number | null;
  readonly endedBy: Actor | null;
  /** Version of the run's last event: the right to write to the run. */
  readonly version: number;
  readonly position: number;
}

/** Every field of a run and its column. */
export const runTable = tableOf<RunRow>('runs', {
  seq: 'plain',
  runId: 'plain',
  taskId: 'plain',
  attempt: 'plain',
  assignee: 'plain',
  opened: 'json',
  openedAtMs: 'plain',
  process: 'json',
  spawnedAtMs: 'plain',
  startedAtMs: 'plain',
  beats: 'json',
  note: 'plain',
  progress: 'plain',
  progressAtMs: 'plain',
  leaseTtlMs: 'plain',
  leaseExtendedAtMs: 'plain',
  inputTokens: 'plain',
  outputTokens: 'plain',
  costUsd: 'plain',
  outcome: 'plain',
  ending: 'json',
  endedAtMs: 'plain',
  endedBy: 'json',
  version: 'plain',
  position: 'plain',
});

/** Prepares the writing of runs. */
export function prepareSaveRun(db: Database.Database): (record: RunRecord) => void {
  const save = prepareSave(db, runTable);
  return (record) => save(rowOf(record));
}

function rowOf(record: RunRecord): RunRow {
  const { run, end } = record;
  return {
    opened: run.opened,
    openedAtMs: run.openedAtMs,
    process: run.process,
    spawnedAtMs: run.spawnedAtMs,
    startedAtMs: run.startedAtMs,
    beats: run.beats,
    note: run.note,
    progress: run.progress,
    progressAtMs: run.progressAtMs,
    seq: record.seq,
    runId: record.runId,
    taskId: run.opened.taskId,
    attempt: run.opened.attempt,
    assignee: run.opened.assignee ?? null,
    leaseTtlMs: record.leaseTtlMs,
    leaseExtendedAtMs: record.leaseExtendedAtMs,
    inputTokens: record.inputTokens,
    outputTokens: record.outputTokens,
    costUsd: record.costUsd,
    outcome: end?.outcome ?? null,
    ending: end?.ending ?? null,
    endedAtMs: end?.endedAtMs ?? null,
    endedBy: end?.endedBy ?? null,
    version: record.version,
    position: record.position,
  };
}

/** What a row was made of. */
export function recordOf(row: RunRow): RunRecord {
  const { outcome, ending, endedAtMs, endedBy } = row;
  const hasEnded = outcome !== null && ending && endedAtMs !== null && endedBy;
  return {
    seq: row.seq,
    runId: row.runId,
    run: openRunOf(row),
    end: hasEnded ? { outcome, ending, endedAtMs, endedBy } : null,
    leaseTtlMs: row.leaseTtlMs,
    leaseExtendedAtMs: row.leaseExtendedAtMs,
    inputTokens: row.inputTokens,
    outputTokens: row.outputTokens,
    costUsd: row.costUsd,
    version: row.version,
    position: row.position,
  };
}

function openRunOf(row: RunFacts): OpenRun {
  return {
    standing: 'open',
    opened: row.opened,
    openedAtMs: row.openedAtMs,
    process: row.process,
    spawnedAtMs: row.spawnedAtMs,
    startedAtMs: row.startedAtMs,
    beats: row.beats,
    note: row.note,
    progress: row.progress,
    progressAtMs: row.progressAtMs,
  };
}
