/** `whatif` on boards with a past: what it prints, and what it will not be asked. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { durationSteps } from '../../src/cli/duration-steps.ts';
import { span } from '../../src/wire/span.ts';
import { commandLine } from './command-line.ts';
import { longAgo, yard } from './past.ts';

const minute = 60_000;
const hour = 60 * minute;

/** Two runs claimed through a door: one that is slow and lives, one that died. */
async function pastBoard() {
  const cli = await yard();
  const [slow, dead] = [await cli.create('Sand'), await cli.create('Paint', '--assignee', 'paint')];
  const slowRun = await longAgo(cli, 5 * hour, ({ people }) => people.claim(slow));
  const deadRun = await longAgo(cli, 5 * hour - minute, ({ people }) => people.claim(dead));
  if (slowRun.refused || deadRun.refused) throw new Error('not claimed');
  await longAgo(cli, 5 * hour - 12 * minute, ({ worker }) =>
    worker(slowRun.runId).heartbeat(slowRun.runId, { note: 'half' }),
  );
  await longAgo(cli, 5 * hour - 16 * minute, ({ fleet }) =>
    fleet.endRun(deadRun.runId, {
      type: 'ReclaimRun',
      reason: 'its lease is over',
      evidence: { place: 'outside' },
    }),
  );
  await longAgo(cli, 5 * hour - 20 * minute, ({ worker }) =>
    worker(slowRun.runId).completeRun(slowRun.runId, {}),
  );
  return { cli, slowRun: slowRun.runId, deadRun: deadRun.runId };
}

describe('whatif', () => {
  test('finds the lease that lets the slow one live and sees the dead one soonest', async () => {
    const { cli, slowRun } = await pastBoard();

    const answer = await cli.json(['whatif', '--claim-ttl', '5m,8m,13m,1h']);

    expect(answer).toMatchObject({ runs: 2, inForce: { claimTtlMs: 15 * minute } });
    expect(answer.policies).toMatchObject([
      { policy: { claimTtlMs: 5 * minute }, falseReclaims: 1, example: { runId: slowRun } },
      // Beats may have been left out for 3m45s after the claim; 12 min are longer than both.
      { policy: { claimTtlMs: 8 * minute }, falseReclaims: 1, unsure: 0, noticed: 1 },
      { policy: { claimTtlMs: 13 * minute }, falseReclaims: 0, delayMedianMs: 13 * minute },
      { isInForce: true, falseReclaims: 0, delayMedianMs: 15 * minute },
      { falseReclaims: 0, delayMedianMs: hour },
    ]);
    expect(answer.best).toMatchObject({ policy: { claimTtlMs: 13 * minute }, isTie: false });
    expect(answer.recorded).toMatchObject({ givenUp: 1, givenUpByModel: 1, onlyByModel: 0 });
  });

  test('says it in a table that fits, with its reasons and its doubts', async () => {
    const { cli, slowRun } = await pastBoard();

    const { stdout } = await cli.run(['whatif', '--claim-ttl', '8m,13m'], {
      isTerminal: true,
      columns: 80,
      environment: { NO_COLOR: '1' },
    });

    expect(stdout).toMatch(/^2 runs claimed [\d: -]+ to [\d: -]+, each\sjudged\sby\s3\spolicies\n/);
    expect(stdout).toMatch(/^★ +13m +0 .* best$/m);
    expect(stdout).toMatch(/^● +15m +0 .* in force$/m);
    expect(stdout).toContain(slowRun);
    expect(stdout).toContain('not simulated');
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test('says what was judged in as many lines as it takes', async () => {
    const { cli } = await pastBoard();

    const { stdout } = await cli.run(['whatif', '--claim-ttl', '8m'], { columns: 40 });

    const [heading = ''] = stdout.split('\n\n');
    expect(heading.split('\n').filter((line) => line.length > 40)).toEqual([]);
    expect(heading.split('\n').length).toBeGreaterThan(1);
  });

  test('looks at the window and the assignee that were asked for', async () => {
    const { cli } = await pastBoard();
    const runs = async (...options: string[]) => (await cli.json(['whatif', ...options])).runs;

    expect(await runs('--from', '1', '--assignee', 'paint')).toBe(1);
    expect(await runs('--assignee', 'nobody')).toBe(0);
    expect(await runs('--to', '2')).toBe(0);
    const events = (await cli.run(['events', '--json'])).stdout.trimEnd().split('\n');
    const claims = events
      .map((line) => JSON.parse(line))
      .filter(({ type }) => type === 'TaskClaimed');
    expect(await runs('--to', String(claims[1].position - 1))).toBe(1);
    expect(await runs('--from', String(claims[1].position))).toBe(1);
  });

  test('writes a page, or says why it cannot', async () => {
    const { cli } = await pastBoard();

    const ran = await cli.run(['whatif', '--html', 'a page.html']);
    expect(ran.stderr).toContain(join(cli.directory, 'a page.html'));
    expect(readFileSync(join(cli.directory, 'a page.html'), 'utf8')).toMatch(/^<!doctype html>/);
    await cli.run(['whatif', '--html']);
    expect(existsSync(join(cli.directory, 'whatif.html'))).toBe(true);
    expect(await cli.run(['whatif', '--html', 'no/such/folder.html'])).toMatchObject({
      exit: 2,
      stdout: '',
      stderr: expect.stringContaining('Cannot write'),
    });
  });

  test('says so when there is nothing to judge', async () => {
    const cli = await yard();

    expect((await cli.run(['whatif'])).stdout).toContain('no run was claimed there');
    expect(await cli.json(['whatif'])).toMatchObject({ runs: 0, best: null, inForce: null });
  });

  test.each([
    [['--claim-ttl', '10m..30s'], 2, 'ends before it begins'],
    [['--claim-ttl', '30s..30s'], 2, 'empty range'],
    [['--claim-ttl', '30s..10m/1'], 2, '2 to 200 steps'],
    [['--claim-ttl', '30s..10m/x'], 2, '2 to 200 steps'],
    [['--claim-ttl', 'soon'], 2, 'no duration'],
    [['--claim-ttl', '-5s'], 2, 'no duration'],
    [['--claim-ttl', ''], 2, 'no duration'],
    [['--claim-ttl', '30s,,1m'], 2, 'no duration'],
    [['--claim-ttl', '0s'], 2, 'A lease of 0'],
    [['--launch-lease', '0..1m'], 2, 'A lease of 0'],
    [['--claim-ttl', '20000d'], 2, 'ten years'],
    [['--claim-ttl', '1s..1h/50', '--crash-grace', '0..1h/50'], 2, '2200 policies'],
    [['--weigh', 'much'], 2, 'Not a duration'],
    [['--from', 'yesterday'], 2, 'Give a position'],
    [['--from', '999'], undefined, '999'],
    [['--from', '2', '--to', '1'], undefined, 'ends before it begins'],
  ])('refuses %j', async (options, exit, said) => {
    const cli = await yard();
    await cli.create('Sand');
    const ran = await cli.run(['whatif', ...options]);

    expect(ran.exit).toBeGreaterThan(0);
    if (exit !== undefined) expect(ran.exit).toBe(exit);
    expect(ran.stderr).toContain(said);
    expect(ran.stdout).toBe('');
  });

  test('opens no board for a question that makes no sense', async () => {
    const { stderr } = await commandLine().run(['whatif', '--claim-ttl', '0']);

    expect(stderr).toContain('A lease of 0');
  });
});

describe('durations to try', () => {
  test.each([
    ['30s', [30]],
    ['90', [90]],
    ['2m,30s,30s', [30, 120]],
    ['30s..10m/4', [30, 80, 225, 600]],
    ['1s..2s/3', [1, 1.4, 2]],
    ['0..120s/5', [0, 30, 60, 90, 120]],
    ['0,30s..60s/2', [0, 30, 60]],
    ['1s..10s', [1, 3.2, 10]],
  ])('%s is %j seconds', (text, seconds) => {
    expect(durationSteps(text)(3).map((ms) => ms / 1_000)).toEqual(seconds);
  });

  test.each([
    [0, '0s'],
    [450, '450ms'],
    [4_800, '4.8s'],
    [59_999, '59s'],
    [90_000, '1m30s'],
    [7_500_000, '2h5m'],
    [86_400_000, '1d'],
    [Number.POSITIVE_INFINITY, 'never'],
  ])('%d ms is %s', (ms, text) => {
    expect(span(ms)).toBe(text);
  });
});
