/** The past, the timeline and the plots, in a browser over a real server. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import type { Life } from '../../src/gantt/rows.mjs';
import { tellBar, tellSign } from '../../src/gantt/tell.mjs';
import type { CommandLine } from '../cli/command-line.ts';
import { longAgo } from '../cli/past.ts';
import { accepted, refused } from '../kit/callers.ts';
import { testUnless } from '../kit/test-where.ts';
import { card, column, expectQuiet, pageMissing, servePage } from './a-page.ts';
import { violations, violationsInBoth } from './accessible.ts';

const test = testUnless(pageMissing);
const timeout = 90_000;
const minuteMs = 60_000;
const options = ['--no-dispatch'];

const painting = { title: 'Paint the hull', assignee: 'paint', tenant: 'acme' };

/** Two tasks; the worker of one is given up, writes too late, and another one finishes. */
async function furnish(cli: CommandLine): Promise<void> {
  await longAgo(cli, 30 * minuteMs, async ({ people }) => {
    const hull = await accepted(people.create(painting));
    await people.create({ title: 'Launch it', parents: [hull.taskId] });
  });
  const hull = await taskOf(cli, 'Paint the hull');
  const first = await longAgo(cli, 20 * minuteMs, ({ fleet }) => accepted(fleet.claim(hull)));
  await longAgo(cli, 10 * minuteMs, async ({ people, fleet, worker }) => {
    await accepted(people.reclaim(hull, 'no sign of life'));
    await refused(worker(first.runId).completeRun(first.runId, { summary: 'late' }));
    const { runId } = await accepted(fleet.claim(hull));
    await accepted(worker(runId).completeRun(runId, { summary: 'Two coats.' }));
  });
}

async function taskOf(cli: CommandLine, title: string): Promise<string> {
  const tasks = await cli.json<{ id: string; title: string }[]>(['list']);
  return tasks.find((task) => task.title === title)?.id ?? '';
}

/** The same, after much was said. */
async function talkative(cli: CommandLine): Promise<void> {
  await furnish(cli);
  const hull = await taskOf(cli, 'Paint the hull');
  await longAgo(cli, 5 * minuteMs, async ({ people }) => {
    const words = Array.from({ length: 450 }, (_, index) => `Coat ${index}.`);
    await Promise.all(words.map((body) => people.comment(hull, { body })));
  });
}

/** The bar of the past. */
function bar(page: Page) {
  return page.getByRole('region', { name: 'The past' });
}

async function positionOf(page: Page): Promise<number> {
  return Number(await bar(page).getByRole('slider').inputValue());
}

describe('the past', () => {
  test('is the board as the command line tells it, at every position', { timeout }, async () => {
    const served = await servePage({ options, before: furnish });
    const page = await served.open('/?at=1');
    await bar(page).waitFor();
    const slider = bar(page).getByRole('slider');
    const last = Number(await slider.getAttribute('max'));
    expect(last).toBeGreaterThan(8);

    for (const position of [last, 2, 5, last - 1, 4, 3]) {
      await slider.fill(`${position}`);
      await expect.poll(() => positionOf(page)).toBe(position);
      await page.getByText(`#${position} of ${last}`).waitFor();
      const tasks = await served.cli.json<{ title: string; status: string }[]>([
        ...['list', '--at', `${position}`],
      ]);
      for (const { title, status } of tasks) {
        await column(page, status).getByText(title, { exact: true }).waitFor();
      }
      expect(await page.locator('.card').count()).toBe(tasks.length);
    }
    await expect.poll(() => new URL(page.url()).searchParams.get('at')).toBe('3');

    await page.reload();
    await bar(page).waitFor();
    await expect.poll(() => positionOf(page)).toBe(3);
    expectQuiet(served);
  });

  test('of an address before the first event begins with the first', { timeout }, async () => {
    const served = await servePage({ options, before: furnish });
    const page = await served.open('/?at=0');
    await bar(page).waitFor();
    await expect.poll(() => positionOf(page)).toBe(1);
    expectQuiet(served);
  });

  test('is played, and stops at a reclaim, a refusal, and where it ends', { timeout }, async () => {
    const served = await servePage({ options, before: furnish });
    const page = await served.open('/?at=2');
    await bar(page).waitFor();
    await bar(page).getByLabel('Speed').selectOption('1000');

    await bar(page).getByRole('button', { name: 'Play' }).click();
    await bar(page).getByText('stopped at a reclaim').waitFor();
    await bar(page).getByRole('button', { name: 'One event on' }).click();
    await column(page, 'ready').getByText('Paint the hull').waitFor();
    await bar(page).getByRole('button', { name: 'Play' }).click();
    await bar(page).getByText('stopped at a refused write').waitFor();
    const refusedAt = await positionOf(page);
    await page.keyboard.press(',');
    await expect.poll(() => positionOf(page)).toBe(refusedAt - 1);
    await page.keyboard.press('.');
    await expect.poll(() => positionOf(page)).toBe(refusedAt);

    await page.locator('h1').click();
    await page.keyboard.press('Space');
    await column(page, 'done').getByText('Paint the hull').waitFor();
    await bar(page).getByText('the log ends here').waitFor();
    await page.keyboard.press('<');
    await expect.poll(() => positionOf(page)).toBe(refusedAt);
    await bar(page).getByRole('button', { name: 'Back to live' }).click();
    await bar(page).waitFor({ state: 'detached' });
    await page.getByText('live', { exact: false }).first().waitFor();
    expectQuiet(served);
  });

  test('has under its thumb what happened there', { timeout }, async () => {
    const served = await servePage({ options, before: talkative });
    const page = await served.open('/?at=300');
    await bar(page).waitFor();
    const last = Number(await bar(page).getByRole('slider').getAttribute('max'));
    expect(last).toBeGreaterThan(400);
    const strip = await bar(page).locator('.strip').boundingBox();
    if (strip === null) throw new Error('there is no strip');
    const pressAt = async (x: number) => {
      await page.mouse.click(x, strip.y + strip.height / 3);
      return positionOf(page);
    };
    const { stdout } = await served.cli.run(['events', '--json']);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const refused = lines.find(({ type }) => type === 'WriteRefused')?.position;

    const sign = page.locator('.strip .sign.refused').first();
    const xOfSign = await sign.evaluate((it) => it.getBoundingClientRect().x);
    expect(await pressAt(xOfSign)).toBe(refused);
    expect(await pressAt(strip.x)).toBe(1);
    expect(await pressAt(strip.x + strip.width)).toBe(last);
    const middle = Math.round((1 + last) / 2);
    expect(await pressAt(strip.x + (strip.width * (middle - 1)) / (last - 1))).toBe(middle);
    const shown = await page.locator('.strip .shown').boundingBox();
    expect(shown?.width).toBeCloseTo((strip.width * (middle - 1)) / (last - 1), 0);
    expectQuiet(served);
  });

  test('cannot be changed', { timeout }, async () => {
    const served = await servePage({ options, before: furnish });
    const page = await served.open('/?at=3');
    await bar(page).waitFor();

    expect(await page.getByRole('button', { name: /^New task/ }).count()).toBe(0);
    await page.keyboard.press('c');
    await page.keyboard.press('m');
    expect(await page.getByLabel('Title of the new task').count()).toBe(0);
    expect(await page.getByRole('menu').count()).toBe(0);
    await card(page, 'Launch it').click();
    await page.getByRole('complementary', { name: /^Task T-/ }).waitFor();
    await page.getByRole('button', { name: 'Paint the hull' }).first().waitFor();
    expect(await page.getByRole('button', { name: 'Change the description' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: /^Title: / }).count()).toBe(0);
    expect(await page.locator('.drawer .deeds button:visible').allTextContents()).toEqual([
      'Why? w',
    ]);
    expectQuiet(served);
  });
});

test('the log of a run in the past is said to be that of today', { timeout }, async () => {
  const served = await servePage({ options, before: printed });
  const page = await served.open('/?at=5');
  await bar(page).waitFor();
  const firstRun = page.locator('.drawer .log');
  await card(page, 'Paint the hull').click();
  await firstRun.getByText('Log as it is today; the past of a log file is not kept').waitFor();
  await firstRun.getByText('the first coat is on').waitFor();

  await bar(page).getByRole('slider').fill('7');
  await firstRun.getByText('Log', { exact: true }).waitFor();
  expectQuiet(served);
});

/** As `furnish`, and the first worker has printed something. */
async function printed(cli: CommandLine): Promise<void> {
  await furnish(cli);
  const hull = await taskOf(cli, 'Paint the hull');
  const [first] = await cli.json<{ id: string }[]>(['runs', hull]);
  const directory = join(cli.directory, '.logboard', 'runs', first?.id ?? '');
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'log'), 'the first coat is on\n');
}

/** Rows, stretches and marks of the page that \`timeline --html\` writes, and when each began. */
async function drawnByCli(cli: CommandLine): Promise<readonly (readonly string[])[]> {
  const file = join(cli.directory, 'timeline.html');
  await cli.run(['timeline', '--html', file]);
  const html = readFileSync(file, 'utf8');
  const text = /<script[^>]*id="data"[^>]*>([^<]*)</.exec(html)?.[1] ?? '';
  const { lives } = JSON.parse(text) as { readonly lives: readonly Life[] };
  return lives.flatMap(({ taskId, title, bars, signs }) =>
    [
      ...bars.map((bar) => ({ atMs: bar.fromAtMs, telling: tellBar(bar, title) })),
      ...signs.map((sign) => ({ atMs: sign.atMs, telling: tellSign(sign) })),
    ]
      .sort((one, other) => one.atMs - other.atMs)
      .map(({ telling: { headline, facts } }) => {
        return [taskId, headline, fromIn(facts.map((fact) => fact.join(' ')).join(', '))];
      }),
  );
}

/** When something began, in its facts. */
function fromIn(facts: string): string {
  return /(?:from|at) (\d[^,]*)/.exec(facts)?.[1] ?? '';
}

describe('the timeline', () => {
  test('has the stretches and marks that the command line draws', { timeout }, async () => {
    const served = await servePage({ options, before: furnish });
    const page = await served.open('/?view=timeline');
    await page.getByText('As a table').click();
    await page.locator('.as-table tbody tr').first().waitFor();

    const cells = await page.locator('.as-table tbody tr').evaluateAll((rows) => {
      return rows.map((row) => [...row.children].map((cell) => cell.textContent ?? ''));
    });
    const shown = cells.map(([row, what, facts]) => [row, what, fromIn(facts ?? '')]);
    const drawn = await drawnByCli(served.cli);
    expect(drawn.map(([, what]) => what)).toContain('stale write refused');
    expect(shown).toEqual(drawn);
    await page.getByRole('radio', { name: 'Workers' }).check();
    await page.getByText(/^1 lane of workers/).waitFor();
    expectQuiet(served);
  });

  test('draws what happens while it is looked at, and nothing after now', { timeout }, async () => {
    const served = await servePage({ options, before: furnish });
    const page = await served.open('/?view=timeline');
    await page.getByText('2 tasks').waitFor();

    await served.cli.create('Sand the deck');
    await page.getByText('3 tasks').waitFor();
    const launch = await taskOf(served.cli, 'Launch it');
    await served.cli.run(['claim', launch]);
    await page.getByText('As a table').click();
    const rows = page.locator('.as-table tbody tr', { hasText: launch });
    await rows.locator('td:nth-child(2)', { hasText: 'running' }).waitFor();
    expectQuiet(served);
  });

  test('tells of a range, and zooms at the cursor', { timeout }, async () => {
    const served = await servePage({ options, before: furnish });
    const page = await served.open('/?view=timeline');
    const canvas = page.getByLabel(/^Timeline; the same/);
    const box = await canvas.boundingBox();
    if (box === null) throw new Error('nothing is drawn');
    const span = async () => {
      const { from, to } = await canvas.evaluate((it) => ({ ...it.dataset }));
      return { from: Number(from), to: Number(to) };
    };
    const labels = Math.min(340, Math.round(box.width * 0.3));
    const x = box.x + labels + (box.width - labels) / 4;
    const at = ({ from, to }: { from: number; to: number }) => from + (to - from) / 4;

    const before = await span();
    await page.mouse.move(x, box.y + 60);
    await page.mouse.wheel(0, -240);
    await expect
      .poll(async () => (await span()).to - (await span()).from)
      .toBeLessThan(before.to - before.from);
    expect(Math.abs(at(await span()) - at(before))).toBeLessThan((before.to - before.from) / 200);
    await page.getByRole('button', { name: 'All' }).click();
    await expect.poll(span).toEqual(before);

    await page.keyboard.down('Shift');
    await page.mouse.move(box.x + labels + 4, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 4, box.y + 60, { steps: 6 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    const range = page.getByRole('region', { name: 'The chosen range' });
    await range.getByText('stale write refused').waitFor();
    const saving = page.waitForEvent('download');
    await range.getByRole('link', { name: 'Save as incident' }).click();
    const file = await saving;
    expect(file.suggestedFilename()).toMatch(/^incident-\d+-\d+\.jsonl$/);
    const saved = join(served.cli.directory, 'saved.jsonl');
    await file.saveAs(saved);
    const { stdout } = await served.cli.run(['incident', 'open', saved]);
    expect(stdout).toContain('Paint the hull');

    await range.getByText('What if the policy had been another?').click();
    await range.getByRole('button', { name: 'Judge' }).click();
    await range.getByText('Give at least one value to try.').waitFor();
    await range.getByLabel('lease claim-ttl').fill('30s, 2h');
    await range.getByRole('button', { name: 'Judge' }).click();
    await range.getByRole('row', { name: /in force/ }).waitFor();
    const judged = await served.cli.json<{ policies: { falseReclaims: number }[] }>([
      ...['whatif', '--claim-ttl', '30s,2h'],
    ]);
    const shownFalse = await range.locator('tbody td:nth-child(2)').allTextContents();
    expect(shownFalse.map((figure) => Number(figure.split(' ')[0])).sort()).toEqual(
      judged.policies.map(({ falseReclaims }) => falseReclaims).sort(),
    );

    await expect.poll(() => page.url()).toMatch(/from=\d+&to=\d+/);
    await page.getByRole('button', { name: 'Plots' }).click();
    await page.getByText(/in 80 slices of .*, as it was chosen$/).waitFor();
    await page.getByRole('button', { name: '15 min' }).click();
    await expect.poll(() => page.url()).not.toContain('from=');
    expectQuiet(served);
  });
});

test('timeline and plots show what the filter leaves, in its groups', { timeout }, async () => {
  const served = await servePage({ options, before: furnish });
  const page = await served.open('/?view=timeline&tenant=acme');
  await page.getByText('1 task', { exact: true }).waitFor();
  await page.getByLabel('Tenant').selectOption('');
  await page.getByText('2 tasks', { exact: true }).waitFor();
  const canvas = page.getByLabel(/^Timeline; the same/);
  const rows = () => canvas.evaluate((it) => Number(it.dataset.rows));
  expect(await rows()).toBe(2);
  await page.getByLabel('Groups').selectOption('tenant');
  await expect.poll(rows).toBe(4);
  await page.getByLabel('Search tasks').fill('no such thing');
  await page.getByText('No task matches the filter').waitFor();

  await page.goto(`${served.address}/?view=plots&tenant=acme`);
  const done = page.getByRole('region', { name: 'Tasks done' });
  await done.waitFor();
  expect(await done.getByText('None in this range').count()).toBe(0);
  await page.getByLabel('Tenant').selectOption('-');
  await done.getByText('None in this range').waitFor();
  expectQuiet(served);
});

const phone = { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true };
const hourAgoMs = Date.now() - 60 * minuteMs;
const views = [
  ['the past', '/?at=6'],
  ['the timeline', '/?view=timeline&group=tenant'],
  ['a range', `/?view=timeline&rows=workers&from=${hourAgoMs}&to=${Date.now()}`],
  ['the plots', '/?view=plots'],
  ['the plots of the past', '/?view=plots&at=6'],
] as const;

test('nobody is shut out of the past, the timeline and the plots, in light or in dark', {
  timeout,
}, async () => {
  const served = await servePage({ options, before: furnish });
  for (const [name, path] of views) {
    const page = await served.open(path, { colorScheme: 'light' });
    await page.locator('.chart:visible, .plot:visible, .column:visible').first().waitFor();
    if (name === 'a range') await page.getByText(/^What if the policy/).click();
    expect(await violationsInBoth(page), name).toEqual([]);
  }
  expectQuiet(served);
});

test('nothing of these views sticks out on a phone', { timeout }, async () => {
  const served = await servePage({ options, before: furnish });
  for (const [name, path] of views) {
    const page = await served.open(path, phone);
    await page.locator('.chart:visible, .plot:visible, .column:visible').first().waitFor();
    expect(await page.evaluate<number>('document.documentElement.scrollWidth'), name).toBe(390);
    expect(await violations(page), name).toEqual([]);
  }
  expectQuiet(served);
});
