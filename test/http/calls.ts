/** For every route of the door, a request that it answers. A new route needs a line here. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Caller } from '../../src/app/plan.ts';
import { openBoardAt } from '../../src/main.ts';
import { accepted, ada, dispatcher } from '../kit/callers.ts';
import type { Asking, OpenHouse } from './a-door.ts';
import { makeTask, remoteRun } from './remote.ts';

/** A board with something of everything on it. */
export interface Harbour extends OpenHouse {
  /** Ready, and done by nobody. */
  readonly rope: string;
  /** Waits for the rope. */
  readonly sail: string;
  /** Held by a run. */
  readonly hull: string;
  readonly runId: string;
}

/** What is asked; the path is that of the route unless it says otherwise. */
export type AskedOf = (harbour: Harbour) => Promise<Sent> | Sent;

interface Sent extends Asking {
  /** In the place of the path's parameters. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: string;
}

/** Puts tasks on a board. */
export async function furnish(house: OpenHouse): Promise<Harbour> {
  const commands = house.board.as(ada);
  const task = async (fields: object) =>
    (await accepted(commands.create({ title: 'Rig', ...fields }))).taskId;
  const rope = await task({});
  const sail = await task({ parents: [rope] });
  const hull = await task({ assignee: 'painter' });
  const { runId } = await accepted(house.board.as(dispatcher).claim(hull));
  return { ...house, rope, sail, hull, runId };
}

/** Puts an artifact where a board keeps them; answers its hash. */
export function anArtifact(directory: string, content: string): string {
  const sha256 = createHash('sha256').update(content).digest('hex');
  mkdirSync(join(directory, 'artifacts'), { recursive: true });
  writeFileSync(join(directory, 'artifacts', sha256), content);
  return sha256;
}

const read: AskedOf = () => ({});
const ofHull: AskedOf = ({ hull }) => ({ params: { taskId: hull } });
const ofRun: AskedOf = ({ runId }) => ({ params: { runId } });
const onRope =
  (body: object = {}): AskedOf =>
  ({ rope }) => ({ params: { taskId: rope }, body });

/** Does something to the rope before. */
function after(
  step: (commands: ReturnType<OpenHouse['board']['as']>, id: string) => unknown,
  body = {},
) {
  const asked: AskedOf = async (harbour) => {
    await step(harbour.board.as(ada), harbour.rope);
    return { params: { taskId: harbour.rope }, body };
  };
  return asked;
}

/** Said by the worker of a run elsewhere. */
function elsewhere(body: object, query = ''): AskedOf {
  return async (harbour) => {
    const { runId, bearer } = await remoteRun(harbour);
    return { params: { runId }, bearer, body, query };
  };
}

/** Makes a task whose text is encrypted; answers its id. */
export async function sealedTask(
  { directory }: OpenHouse,
  fields: object = {},
  caller: Caller = ada,
): Promise<string> {
  const sealing = { access: 'write', policy: undefined, encrypt: true } as const;
  const board = await openBoardAt(directory, sealing);
  try {
    const made = board.as(caller).create({ title: 'Paint it in secret', ...fields });
    return (await accepted(made)).taskId;
  } finally {
    await board.close();
  }
}

/** By method and path. */
export const calls: Readonly<Record<string, AskedOf>> = {
  'GET /healthz': read,
  'GET /readyz': read,
  'GET /metrics': read,
  'POST /api/v1/session': ({ door, host }) => ({
    who: 'nobody',
    body: { code: door.newCode() },
    headers: { Origin: `http://${host}` },
  }),
  'GET /api/v1/session': read,
  'DELETE /api/v1/session': read,
  'POST /api/v1/codes': () => ({ body: { role: 'reader' } }),
  'GET /api/v1/board': read,
  'GET /api/v1/boards': read,
  'GET /api/v1/stats': read,
  'GET /api/v1/tasks': () => ({ query: '?status=ready,waiting&sort=title&limit=5' }),
  'GET /api/v1/search': () => ({ query: '?q=hull&status=ready,running' }),
  'GET /api/v1/tasks/{taskId}': ofHull,
  'GET /api/v1/tasks/{taskId}/runs': ofHull,
  'GET /api/v1/tasks/{taskId}/comments': ofHull,
  'GET /api/v1/tasks/{taskId}/moves': ofHull,
  'GET /api/v1/tasks/{taskId}/links': ofHull,
  'GET /api/v1/tasks/{taskId}/context': ofHull,
  'POST /api/v1/tasks/bulk': () => ({
    body: { action: 'prioritize', with: { priority: 1 }, filter: {} },
  }),
  'POST /api/v1/tasks': () => ({ body: { title: 'Splice' } }),
  'PATCH /api/v1/tasks/{taskId}': onRope({ title: 'Splice the rope' }),
  'POST /api/v1/tasks/{taskId}/assign': onRope({ assignee: 'rigger' }),
  'POST /api/v1/tasks/{taskId}/prioritize': onRope({ priority: 3 }),
  'POST /api/v1/tasks/{taskId}/schedule': onRope({ notBefore: '2031-01-01T00:00:00Z' }),
  'POST /api/v1/tasks/{taskId}/specify': async ({ board }) => {
    const { taskId } = await accepted(board.as(ada).create({ title: 'Vague', triage: true }));
    return { params: { taskId }, body: { body: 'all of it' } };
  },
  'POST /api/v1/tasks/{taskId}/complete': onRope({ summary: 'spliced' }),
  'POST /api/v1/tasks/{taskId}/block': onRope({ reason: 'no rope' }),
  'POST /api/v1/tasks/{taskId}/unblock': after((commands, id) =>
    commands.block(id, { cause: 'operator', reason: 'no rope' }),
  ),
  'POST /api/v1/tasks/{taskId}/promote': ({ sail }) => ({
    params: { taskId: sail },
    body: { force: true },
  }),
  'POST /api/v1/tasks/{taskId}/review': async ({ board, hull, runId }) => {
    await accepted(board.as(ada).completeRun(runId, {}, { review: true }));
    return { params: { taskId: hull }, body: { approve: true } };
  },
  'POST /api/v1/tasks/{taskId}/reopen': after((commands, id) => commands.complete(id, {})),
  'POST /api/v1/tasks/{taskId}/forgive': onRope(),
  'POST /api/v1/tasks/{taskId}/reclaim': ({ hull }) => ({ params: { taskId: hull }, body: {} }),
  'POST /api/v1/tasks/{taskId}/archive': onRope(),
  'POST /api/v1/tasks/{taskId}/restore': after((commands, id) => commands.archive(id)),
  'POST /api/v1/tasks/{taskId}/remove': after((commands, id) => commands.archive(id)),
  'POST /api/v1/tasks/{taskId}/forget': async (harbour) => {
    const taskId = await sealedTask(harbour);
    return { params: { taskId }, body: { confirm: taskId } };
  },
  'PUT /api/v1/tasks/{taskId}/parents/{parentId}': ({ hull, rope }) => ({
    params: { taskId: rope, parentId: hull },
  }),
  'DELETE /api/v1/tasks/{taskId}/parents/{parentId}': ({ rope, sail }) => ({
    params: { taskId: sail, parentId: rope },
  }),
  'POST /api/v1/tasks/{taskId}/comments': onRope({ body: 'mind the gap' }),
  'POST /api/v1/board/pause': () => ({ body: {} }),
  'POST /api/v1/board/resume': () => ({ body: {} }),
  'POST /api/v1/board/rename': () => ({ body: { name: 'north quay' } }),
  'GET /api/v1/runs': read,
  'GET /api/v1/runs/{runId}': ofRun,
  'GET /api/v1/runs/{runId}/log': ofRun,
  'GET /api/v1/runs/{runId}/log/stream': ofRun,
  'GET /api/v1/artifacts/{sha256}': ({ directory }) => ({
    params: { sha256: anArtifact(directory, 'a hull') },
  }),
  'GET /api/v1/dispatch/plan': read,
  'POST /api/v1/dispatch/nudge': () => ({ body: {} }),
  'GET /api/v1/workers': read,
  'GET /api/v1/dispatchers': read,
  'GET /api/v1/hosts': read,
  'GET /api/v1/diagnostics': () => ({ query: '?severity=warning' }),
  'GET /api/v1/timeline': ({ hull }) => ({ query: `?tasks=${hull}&importance=1` }),
  'GET /api/v1/why/{id}': ({ runId }) => ({ params: { id: runId } }),
  'GET /api/v1/position': () => ({ query: '?of=2' }),
  'GET /api/v1/density': () => ({ query: '?slices=20' }),
  'GET /api/v1/picture': read,
  'POST /api/v1/whatif': () => ({ body: { axes: { claimTtlMs: [30_000, 900_000] } } }),
  'GET /api/v1/incident': ({ hull }) => ({ query: `?around=${hull}` }),
  'GET /api/v1/openapi.json': read,
  'GET /api/v1/events': () => ({ query: '?after=1&limit=2' }),
  'GET /api/v1/events/stream': () => ({ query: '?after=0' }),
  'POST /api/v1/claims': async (harbour) => {
    await makeTask(harbour);
    return { who: 'worker', body: { assignee: 'gpu' } };
  },
  'POST /api/v1/runs/{runId}/heartbeat': elsewhere({ note: 'page 1' }),
  'POST /api/v1/runs/{runId}/progress': elsewhere({ progress: 0.5 }),
  'POST /api/v1/runs/{runId}/complete': elsewhere({ summary: 'painted' }),
  'POST /api/v1/runs/{runId}/block': elsewhere({ reason: 'which colour?' }),
  'POST /api/v1/runs/{runId}/release': elsewhere({}),
  'POST /api/v1/runs/{runId}/comment': elsewhere({ body: 'mind the bow' }),
  'POST /api/v1/runs/{runId}/usage': elsewhere({ inputTokens: 10 }),
  'POST /api/v1/runs/{runId}/exit': elsewhere({ exit: { code: 0 } }),
  'POST /api/v1/runs/{runId}/log': elsewhere(Buffer.from('wet\n'), '?offset=0'),
  'POST /api/v1/runs/{runId}/artifact': elsewhere(Buffer.from('wet'), '?name=hull.txt'),
};
