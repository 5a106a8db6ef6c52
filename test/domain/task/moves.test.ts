/** What a person may do with a task, wherever it stands. */
import { expect, test } from 'vitest';
import { moveNames, possibleMoves } from '../../../src/domain/task/moves.ts';
import { evolveTask, type TaskState } from '../../../src/domain/task/state.ts';
import { created, parentId, storyOf } from '../../kit/a-task.ts';

const actor = { kind: 'human', id: 'ada' } as const;

test.each([
  ['triage', 'specify promote block archive'],
  ['queued', 'complete block archive'],
  ['running', 'reclaim complete block archive'],
  ['review', 'approve reject archive'],
  ['done', 'reopen archive'],
  ['blocked', 'unblock complete archive'],
  ['halted', 'unblock complete archive'],
  ['archived', 'restore'],
  ['tombstoned', ''],
] as const)('a task in %s may be moved by: %s', (status, names) => {
  const moves = possibleMoves(taskAfter(storyOf[status]), []);

  expect(legal(moves)).toBe(names);
  expect(moves.map(({ name }) => name)).toEqual(moveNames);
  for (const { isLegal, why } of moves) expect(isLegal).toBe(why === null);
});

test('a task that waits cannot be done before its parents, but its turn can be forced', () => {
  const moves = possibleMoves(taskAfter([created({ parents: [parentId] })]), [parentId]);

  expect(legal(moves)).toBe('promote block archive');
  expect(moves.find(({ name }) => name === 'complete')?.why).toContain(parentId);
});

test('a task that is held can be let go', () => {
  const moves = possibleMoves(taskAfter([created({ notBeforeMs: 1_000 })]), []);

  expect(legal(moves)).toBe('promote unblock complete block archive');
});

function taskAfter(story: (typeof storyOf)['queued']) {
  let task: TaskState;
  for (const event of story) task = evolveTask(task, event, { actor, at: 0 });
  if (task === undefined) throw new Error('the story makes no task');
  return task;
}

function legal(moves: ReturnType<typeof possibleMoves>): string {
  const names = moves.filter(({ isLegal }) => isLegal).map(({ name }) => name);
  return names.join(' ');
}
