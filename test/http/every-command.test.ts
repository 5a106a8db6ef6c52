/** Whatever the command line can change on a board can be changed over HTTP. */
import { expect, test } from 'vitest';
import { manifest } from '../../src/cli/manifest.ts';
import { routes } from '../../src/http/routes.ts';

const onTask = (...names: readonly string[]) =>
  names.map((name) => `POST /api/v1/tasks/{taskId}/${name}`);
const onRun = (...names: readonly string[]) =>
  names.map((name) => `POST /api/v1/runs/{runId}/${name}`);
const onBoard = (...names: readonly string[]) => names.map((name) => `POST /api/v1/${name}`);

const filesOfTheMachine = 'works on the files of the machine that has the board';
const onlyReads = 'changes nothing, though it cannot be asked about one moment of the past';

/** The routes of each verb that does not only read; or why it has none. */
const doors: Readonly<Record<string, readonly string[] | string>> = {
  create: ['POST /api/v1/tasks'],
  edit: ['PATCH /api/v1/tasks/{taskId}', ...onTask('specify', 'forgive', 'reclaim')],
  assign: onTask('assign'),
  reassign: onTask('assign'),
  link: ['PUT /api/v1/tasks/{taskId}/parents/{parentId}'],
  unlink: ['DELETE /api/v1/tasks/{taskId}/parents/{parentId}'],
  comment: [...onTask('comments'), ...onRun('comment')],
  schedule: onTask('schedule'),
  promote: onTask('promote'),
  unblock: onTask('unblock'),
  review: onTask('review'),
  reopen: onTask('reopen'),
  archive: onTask('archive', 'restore', 'remove'),
  forget: onTask('forget'),
  claim: onBoard('claims'),
  heartbeat: onRun('heartbeat', 'progress', 'usage'),
  complete: [...onTask('complete'), ...onRun('complete', 'artifact')],
  block: [...onTask('block'), ...onRun('block')],
  release: onRun('release'),
  reclaim: onTask('reclaim'),
  dispatch: ['GET /api/v1/dispatch/plan', ...onBoard('dispatch/nudge')],
  pause: onBoard('board/pause'),
  resume: onBoard('board/resume'),
  guard: 'asks before a program begins on this machine; over HTTP a heartbeat answers the same',
  work: 'is a client of the door itself',
  serve: 'opens the door',
  'sign-in': onBoard('codes'),
  init: 'makes the board that a door would be of',
  backup: filesOfTheMachine,
  copy: filesOfTheMachine,
  restore: filesOfTheMachine,
  rebuild: filesOfTheMachine,
  gc: filesOfTheMachine,
  audit: filesOfTheMachine,
  doctor: filesOfTheMachine,
  verify: filesOfTheMachine,
  config: onlyReads,
  completion: onlyReads,
  version: onlyReads,
  boards: onlyReads,
  dispatchers: onlyReads,
  hosts: onlyReads,
  tail: onlyReads,
  watch: onlyReads,
};

test('every verb that does not only read has routes, or a reason to have none', async () => {
  const writing: string[] = [];
  for (const { name, load } of manifest) {
    const { takesAt } = await load();
    if (takesAt !== 'once' && takesAt !== 'often') writing.push(name);
  }

  expect(Object.keys(doors).sort()).toEqual(writing.sort());
});

test('every route that is named is there', () => {
  const known = new Set(routes.map(({ method, path }) => `${method} ${path}`));
  const named = Object.values(doors).flatMap((door) => (typeof door === 'string' ? [] : door));

  expect(named.filter((route) => !known.has(route))).toEqual([]);
});
