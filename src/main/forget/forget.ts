/**
 * Forgetting tasks: a tombstone that says so, the key destroyed, and then every copy of the text.
 *
 * The key store writes down first what is going to be forgotten. Whatever is interrupted after
 * that is found by the doctor and finished by a repeat: every step may be taken twice. Files go
 * before the key, since only the text says which artifacts are the task's; the tables are made
 * anew after it, since before it they would come out as they were.
 */
import { forgetHistory } from '../../../projections/past/files.ts';
import { rebuild } from '../../../projections/rebuild.ts';
import type { Board } from '../../app/board.ts';
import { noSuchTask } from '../../app/plans.ts';
import type { ForgetOutcome, ForgetRequest, ForgetStage } from '../../cli/upkeep.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Timers } from '../../log/ports.ts';
import type { KeyStore } from '../../log/sqlite/key-store.ts';
import { removeFiles, removeFromContexts } from './files.ts';
import { plainTexts } from './what-is-written.ts';

/** What forgetting works with. */
export interface ForgetParts {
  readonly directory: string;
  readonly board: Board;
  readonly keys: KeyStore;
  readonly timers: Timers;
}

/** Forgets tasks, one after the other; the tables are made anew once, for all of them. */
export async function forgetTasks(
  parts: ForgetParts,
  request: ForgetRequest,
): Promise<readonly ForgetOutcome[]> {
  const outcomes: ForgetOutcome[] = [];
  for (const taskId of request.taskIds) {
    outcomes.push({ taskId, answer: await forgetOne(parts, taskId, request) });
  }
  const unfinished = parts.keys.forgettings().filter(({ finishedAtMs }) => finishedAtMs === null);
  const destroyed = unfinished.filter(({ destroyedAtMs }) => destroyedAtMs !== null);
  if (destroyed.length > 0) {
    const ids = destroyed.map(({ taskId }) => taskId);
    await removeCopies(parts, ids, request.onStage);
  }
  return outcomes;
}

async function forgetOne(
  { directory, board, keys }: ForgetParts,
  taskId: string,
  { keepArtifacts, tombstone, onStage }: ForgetRequest,
): Promise<ForgetOutcome['answer']> {
  const nowMs = () => board.nowMs();
  const isDestroyed = keys.keyOf(taskId).is === 'forgotten';
  const objection = isDestroyed ? undefined : await objectionTo(board, keys, taskId);
  if (objection !== undefined) return objection;
  if (!isDestroyed) await keys.beginForgetting(taskId, nowMs());
  onStage('begun');
  const answer = await tombstone(taskId);
  if (answer.refused) {
    await keys.cancelForgetting(taskId);
    return answer;
  }
  if (isDestroyed) return answer;
  onStage('tombstoned');
  await removeFiles({ board, directory, taskId, keepArtifacts });
  onStage('files_removed');
  await keys.destroyKey(taskId, nowMs());
  onStage('key_destroyed');
  return { ...answer, changed: true };
}

async function removeCopies(
  { directory, board, keys, timers }: ForgetParts,
  taskIds: readonly string[],
  onStage: (stage: ForgetStage) => void,
): Promise<void> {
  await rebuild({ log: board.log, timers, path: directory, removeOthers: true });
  onStage('tables_rebuilt');
  for (const taskId of taskIds) await removeFromContexts(board, directory, taskId);
  forgetHistory(directory);
  onStage('snapshots_removed');
  for (const taskId of taskIds) await keys.finishForgetting(taskId, board.nowMs());
}

async function objectionTo(
  board: Board,
  keys: KeyStore,
  taskId: string,
): Promise<Refusal | undefined> {
  const queries = await board.read();
  if (queries.task(taskId, board.nowMs()) === undefined) return noSuchTask(taskId);
  const isEncrypted = keys.keyOf(taskId).is === 'held';
  const plain = await plainTexts(board, taskId);
  if (isEncrypted && plain === 0) return undefined;
  const message =
    `Cannot forget ${taskId}: its text is in the log in plain, ` +
    'and cannot be taken out without breaking the log.';
  return refuse('wrong_status', message, {
    hint:
      '`logboard archive --rm` takes it out of sight. With `privacy: { encrypt: true }` in ' +
      'logboard.yaml, tasks created from then on can be forgotten.',
    facts: { taskId, encrypted: isEncrypted, plainTexts: plain },
  });
}
