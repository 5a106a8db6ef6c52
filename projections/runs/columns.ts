/** How a run is stored in the columns of `runs`. */
import { columnsOf } from '../columns.ts';
import type { RunRow } from './row.ts';

/** Every field of a run and its column. */
export const runColumns = columnsOf<RunRow>({
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
