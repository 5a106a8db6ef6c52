/** The past over HTTP: drawn, judged, and handed on. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openSqliteLog } from '../../src/log/sqlite/sqlite-log.ts';
import { commandLine } from '../cli/command-line.ts';
import { beganAtMs, writeBeatingRuns } from '../kit/beating-log.ts';
import { accepted, ada } from '../kit/callers.ts';
import { thinAll } from '../kit/thin-log.ts';
import { realPorts } from '../log/real-ports.ts';
import { openHouse } from './a-door.ts';
import { furnish } from './calls.ts';

async function harbour() {
  const house = await furnish(await openHouse());
  await accepted(house.board.as(ada).completeRun(house.runId, { summary: 'painted' }));
  return house;
}

describe('a picture', () => {
  test('has the life of each task in stretches', async () => {
    const { ask, hull } = await harbour();

    const { json } = await ask(`/api/v1/picture?tasks=${hull}`);

    const [task] = json.tasks;
    expect(task.segments.map(({ kind }: { kind: string }) => kind)).toEqual([
      'ready',
      'running',
      'done',
    ]);
    expect(json).toMatchObject({ omitted: 0, tasks: [{ taskId: hull }] });
    expect(json.fromAtMs).toBeLessThanOrEqual(json.toAtMs);
  });

  test('of too many tasks has the latest, and says how many are left out', async () => {
    const { ask, hull } = await harbour();

    expect((await ask('/api/v1/picture?limit=1')).json).toMatchObject({
      omitted: 2,
      tasks: [{ taskId: hull }],
    });
  });
});

describe('the events of a board that was thinned', () => {
  test('have their beats again when they are asked for', async () => {
    const { ask, directory } = await openHouse();
    const log = await openSqliteLog(directory, realPorts);
    await writeBeatingRuns(log, { runs: 2, beats: 60, batch: 'B' });
    const list = async (query: string): Promise<{ position: number; type: string }[]> =>
      (await ask(`/api/v1/events?limit=1000${query}`)).json.events;
    const before = (await list('')).map(({ position, type }) => [position, type]);
    expect(await thinAll(log, beganAtMs + 10 ** 9)).toBeGreaterThan(100);
    await log.close();

    const [whole, thin] = [await list('&unthinned=true'), await list('')];

    expect(whole.map(({ position, type }) => [position, type]).slice(0, -1)).toEqual(before);
    expect(thin.length).toBeLessThan(before.length - 100);
    const page = await ask('/api/v1/events?after=20&limit=30&unthinned=true');
    expect(page.json).toMatchObject({ next: 50, events: whole.slice(20, 50) });
  });
});

describe('another policy', () => {
  test('is judged as on the command line', async () => {
    const { ask, directory } = await harbour();
    const typed = await commandLine().json([
      ...['whatif', '--claim-ttl', '30s,1h', '--board', directory],
    ]);

    const asked = await ask('/api/v1/whatif', {
      who: 'reader',
      body: { axes: { claimTtlMs: [30_000, 3_600_000] } },
    });

    expect(asked.json.policies.length).toBeGreaterThan(1);
    expect(asked.json).toEqual(typed);
  });

  test.each([
    [{}],
    [{ axes: {} }],
    [{ axes: { claimTtlMs: [0] } }],
    [{ axes: { luck: [1] } }],
    [{ axes: { claimTtlMs: Array.from({ length: 201 }, (_, n) => n + 1) } }],
  ])('is not asked for by %j', async (body) => {
    const { ask } = await harbour();

    expect(await ask('/api/v1/whatif', { body })).toMatchObject({ status: 400 });
  });
});

describe('an incident file', () => {
  test.each([
    ['around', ({ runId }: { runId: string }) => `around=${runId}`],
    ['from one moment to another', () => 'from=1&to=4'],
  ])('%s is sound, and can be looked into', async (_what, query) => {
    const house = await harbour();
    const response = await house.fetch(`/api/v1/incident?${query(house)}`);
    const cli = commandLine();
    const file = join(cli.directory, 'incident.jsonl');
    writeFileSync(file, await response.text());

    expect(response.headers.get('content-disposition')).toMatch(
      /^attachment; filename="incident-[\w-]+\.jsonl"$/,
    );
    expect(await cli.run(['incident', 'open', file])).toMatchObject({ exit: 0 });
    expect(await cli.json(['--log', file, 'show', house.hull])).toMatchObject({ id: house.hull });
  });

  test('is for operators, of something that is there, one thing at a time', async () => {
    const { ask, hull } = await harbour();
    const path = '/api/v1/incident';

    expect(await ask(`${path}?around=${hull}`, { who: 'reader' })).toMatchObject({ status: 403 });
    expect(await ask(`${path}?around=T-0000000000`)).toMatchObject({ status: 404 });
    expect(await ask(`${path}?around=${hull}&from=1`)).toMatchObject({ status: 400 });
    expect(await ask(path)).toMatchObject({ status: 400 });
  });
});
