/** What can be read, and that it is what the command line prints. */
import { describe, expect, test } from 'vitest';
import { commandLine } from '../cli/command-line.ts';
import { accepted, ada, dispatcher } from '../kit/callers.ts';
import { type OpenHouse, openHouse } from './a-door.ts';

async function taskIn({ board }: OpenHouse, title: string, fields: object = {}) {
  return (await accepted(board.as(ada).create({ title, ...fields }))).taskId;
}

/** A board with something of everything on it. */
async function quay() {
  const house = await openHouse();
  const hull = await taskIn(house, 'Paint the hull', { assignee: 'painter', priority: 3 });
  const mast = await taskIn(house, 'Paint the mast', { assignee: 'painter', parents: [hull] });
  const rope = await taskIn(house, 'Splice the rope', { tenant: 'north' });
  await house.board.as(ada).comment(hull, { body: 'two coats of copper' });
  const { runId } = await accepted(house.board.as(dispatcher).claim(hull));
  return { ...house, hull, mast, rope, runId };
}

const titles = (answered: { json: { tasks: { title: string }[] } }) =>
  answered.json.tasks.map(({ title }) => title);

describe('the list of tasks', () => {
  test.each([
    ['', ['Paint the hull', 'Paint the mast', 'Splice the rope']],
    ['?status=running,waiting', ['Paint the hull', 'Paint the mast']],
    ['?status=todo', ['Paint the mast']],
    ['?assignee=none', ['Splice the rope']],
    ['?assignee=painter&sort=created-desc', ['Paint the mast', 'Paint the hull']],
    ['?tenant=north', ['Splice the rope']],
    ['?q=paint', ['Paint the hull', 'Paint the mast']],
    ['?q=copper', ['Paint the hull']],
    ['?q=paint&status=waiting', ['Paint the mast']],
    ['?q=%22%20OR%20*%20NEAR(', []],
    ['?sort=title&limit=1', ['Paint the hull']],
  ])('%s has what was asked for', async (query, expected) => {
    const { ask } = await quay();

    expect(titles(await ask(`/api/v1/tasks${query}`))).toEqual(expected);
  });

  test('comes in shorter pages where bodies are long, and leaves out none', async () => {
    const house = await openHouse();
    const body = 'one and another '.repeat(62_500);
    for (let task = 0; task < 19; task += 1) await taskIn(house, `task ${task}`, { body });

    const first = await house.ask('/api/v1/tasks?sort=created');
    const second = await house.ask(`/api/v1/tasks?cursor=${first.json.next}`);
    const searched = await house.ask('/api/v1/tasks?q=another');

    expect([...titles(first), ...titles(second)]).toEqual(
      Array.from({ length: 19 }, (_, task) => `task ${task}`),
    );
    expect(second.json.next).toBeNull();
    expect(titles(searched)).toEqual(titles(first));
    expect(searched.json.total).toBe(19);
  });

  test('comes in pages that fit together, whatever happens in between', async () => {
    const house = await quay();
    const first = await house.ask('/api/v1/tasks?limit=2&sort=title');
    await taskIn(house, 'A task that comes too late for the first page');
    const second = await house.ask(`/api/v1/tasks?limit=2&cursor=${first.json.next}`);

    expect(first.json.total).toBe(3);
    expect([...titles(first), ...titles(second)]).toEqual([
      'Paint the hull',
      'Paint the mast',
      'Splice the rope',
    ]);
    expect(second.json.next).toBeNull();
    expect(await house.ask('/api/v1/tasks?cursor=nonsense')).toMatchObject({ status: 400 });
  });

  test.each([['status=sleeping'], ['sort=taste'], ['limit=0'], ['limit=1001'], ['archived=maybe']])(
    'refuses %s and says where the mistake is',
    async (query) => {
      const { ask } = await openHouse();
      const [name] = query.split('=');

      const { status, json } = await ask(`/api/v1/tasks?${query}`);

      expect({ status, code: json.code }).toEqual({ status: 400, code: 'invalid' });
      expect(json.facts.issues[0].path).toMatch(new RegExp(`^${name}`));
    },
  );
});

describe('everything about a task', () => {
  test('is there, and carries its revision', async () => {
    const { ask, hull, mast, runId } = await quay();
    const of = async (path: string) => (await ask(`/api/v1/tasks/${hull}${path}`)).json;

    const { headers, json } = await ask(`/api/v1/tasks/${hull}`);
    expect(json).toMatchObject({ id: hull, status: 'running', runs: [{ id: runId }] });
    expect(headers.get('etag')).toBe(`"${json.version}"`);
    expect(await of('/runs')).toMatchObject({ runs: [{ id: runId, outcome: null }] });
    expect(await of('/comments')).toMatchObject({ comments: [{ body: 'two coats of copper' }] });
    expect(await of('/links')).toMatchObject({ parents: [], children: [{ id: mast }] });
    expect((await of('/context')).context).toContain('Paint the hull');
    expect((await ask(`/api/v1/runs/${runId}`)).json).toMatchObject({ taskId: hull });
    expect((await ask('/api/v1/runs')).json).toMatchObject({ runs: [{ id: runId }] });
    expect((await ask(`/api/v1/why/${mast}`)).json).toMatchObject({ id: mast, kind: 'task' });
    expect((await ask(`/api/v1/why/${runId}`)).json).toMatchObject({ id: runId, kind: 'run' });
  });

  test.each(['', '/runs', '/comments', '/links', '/context'])(
    'that does not exist is not found%s',
    async (path) => {
      const { ask } = await openHouse();

      expect(await ask(`/api/v1/tasks/T-0000000000${path}`)).toMatchObject({
        status: 404,
        json: { code: 'no_such_task', facts: { taskId: 'T-0000000000' } },
      });
      expect(await ask(`/api/v1/tasks/nonsense${path}`)).toMatchObject({ status: 400 });
    },
  );
});

describe('a search', () => {
  test('answers where the words stand, the best first, of the tasks that are wanted', async () => {
    const { ask, hull, mast } = await quay();

    const all = await ask('/api/v1/search?q=paint');
    const one = await ask('/api/v1/search?q=paint&limit=1');
    const waiting = await ask('/api/v1/search?q=paint&status=waiting');

    expect(all.json).toEqual({
      hits: [
        { id: hull, snippet: '«Paint» the hull' },
        { id: mast, snippet: '«Paint» the mast' },
      ],
      total: 2,
    });
    expect(one.json).toEqual({ hits: all.json.hits.slice(0, 1), total: 2 });
    expect(waiting.json.hits.map(({ id }: { id: string }) => id)).toEqual([mast]);
    expect(await ask('/api/v1/search')).toMatchObject({ status: 400 });
  });
});

describe('the events of the board', () => {
  test('come in shorter pages where texts are long, and `next` leads on to all', async () => {
    const house = await openHouse();
    const body = 'x'.repeat(1_000_000);
    for (let task = 0; task < 18; task += 1) await taskIn(house, `task ${task}`, { body });
    const { position: head } = await house.board.log.head();
    const positions: number[] = [];
    const sizes: number[] = [];
    for (let after = 0; after < head; ) {
      const { json } = await house.ask(`/api/v1/events?after=${after}`);
      positions.push(...json.events.map(({ position }: { position: number }) => position));
      sizes.push(json.events.length);
      after = json.next;
    }
    expect(positions).toEqual(Array.from({ length: head }, (_, index) => index + 1));
    expect(sizes).toHaveLength(2);
  });
});

describe('the events of a task', () => {
  test('come together, however many of others stand between them', async () => {
    const { ask, hull, rope, runId, board } = await quay();
    const page = async (after: number) =>
      (await ask(`/api/v1/events?task=${hull}&after=${after}&limit=2`)).json;

    const first = await page(0);
    for (let at = 0; at < 5; at += 1) await board.as(ada).comment(rope, { body: 'longer' });
    await accepted(board.as(ada).completeRun(runId, {}));
    const second = await page(first.next);
    const third = await page(second.next);

    const types = [first, second, third].map(({ events }) =>
      events.map(({ type }: { type: string }) => type),
    );
    expect(types).toEqual([
      ['TaskCreated', 'CommentAdded'],
      ['TaskClaimed', 'RunOpened'],
      ['RunCompleted', 'TaskCompleted'],
    ]);
    expect(await page(third.next)).toMatchObject({ events: [], next: third.head });
  });
});

describe('the board', () => {
  test('has workers, dispatchers, findings, a story and a history', async () => {
    const { ask, hull } = await quay();

    expect((await ask('/api/v1/workers')).json.workers).toMatchObject([
      { assignee: 'painter', isDefined: false, running: 1 },
    ]);
    expect((await ask('/api/v1/dispatchers')).json).toEqual({ dispatchers: [] });
    expect((await ask('/api/v1/diagnostics')).json).toMatchObject({ findings: [], cut: [] });
    const { entries } = (await ask(`/api/v1/timeline?tasks=${hull}`)).json;
    expect(entries.map(({ type }: { type: string }) => type)).toContain('TaskClaimed');
    const spread = (await ask('/api/v1/density?slices=10')).json;
    expect(spread.slices).toHaveLength(10);
    expect((await ask(`/api/v1/position?of=${spread.to}`)).json.position).toBe(spread.last);
  });

  test('shows cards without what is too long for them', async () => {
    const house = await quay();
    await taskIn(house, 'Read a lot', { body: 'much text' });

    const { tasks, runs } = (await house.ask('/api/v1/board')).json;

    expect(tasks.at(-1)).toMatchObject({ title: 'Read a lot', hasBody: true, status: 'ready' });
    expect(JSON.stringify(tasks)).not.toContain('much text');
    expect(runs).toMatchObject([{ runId: house.runId, taskId: house.hull }]);
    expect(JSON.stringify(runs)).not.toContain('tokenHash');
  });

  test('reads the same here and on the command line', async () => {
    const house = await quay();
    const { directory, hull, runId } = house;
    const cli = commandLine();
    const typed = (...argv: string[]) => cli.json([...argv, '--board', directory]);
    const asked = async (path: string) => (await house.ask(`/api/v1${path}`)).json;

    expect(await asked(`/tasks/${hull}`)).toEqual(await typed('show', hull));
    expect((await asked('/tasks?status=ready')).tasks).toEqual(
      await typed('list', '--status', 'ready'),
    );
    expect((await asked(`/tasks/${hull}/runs`)).runs).toEqual(await typed('runs', hull));
    const { headline } = await typed('why', runId);
    expect(await asked(`/why/${runId}`)).toMatchObject({ headline, id: runId });
    expect((await asked('/workers')).workers).toEqual(await typed('assignees'));
    expect((await asked('/dispatchers')).dispatchers).toEqual(await typed('dispatchers'));
    expect((await asked('/hosts')).hosts).toEqual(await typed('hosts'));
    expect((await asked(`/timeline?tasks=${hull}`)).entries).toEqual(await typed('timeline', hull));
  });
});
