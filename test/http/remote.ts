/** Workers elsewhere, as a test plays them. */
import { expect } from 'vitest';
import type { Answered, OpenHouse } from './a-door.ts';

/** A run in the hands of a worker elsewhere. */
export interface RemoteRun {
  readonly taskId: string;
  readonly runId: string;
  /** What goes after `Bearer`. */
  readonly bearer: string;
  readonly claim: Answered;
  /** Says something about the run. */
  say(what: string, body?: unknown): Promise<Answered>;
}

/** Makes a task of `gpu`; answers its id. */
export async function makeTask({ board }: OpenHouse, title = 'Paint the hull'): Promise<string> {
  const ada = board.as({ actor: { kind: 'human', id: 'ada' }, surface: 'cli' });
  const made = await ada.create({ title, assignee: 'gpu' });
  if (made.refused) throw new Error(made.message);
  return made.taskId;
}

/** Claims the next task of `gpu` through the door. */
export function claim(house: OpenHouse, body: object = {}, headers = {}): Promise<Answered> {
  return house.ask('/api/v1/claims', {
    who: 'worker',
    body: { assignee: 'gpu', ...body },
    headers,
  });
}

/** Makes a task, and claims it. */
export async function remoteRun(house: OpenHouse, terms: object = {}): Promise<RemoteRun> {
  await makeTask(house);
  const answered = await claim(house, terms);
  expect(answered.status).toBe(201);
  const { taskId, runId, token } = answered.json;
  const bearer = `${runId}.${token}`;
  return {
    taskId,
    runId,
    bearer,
    claim: answered,
    say: (what, body = {}) => house.ask(`/api/v1/runs/${runId}/${what}`, { bearer, body }),
  };
}
