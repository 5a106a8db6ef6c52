/** The rooms of the page around a board with much on it, in a browser with a real server. */
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { openSqliteLog } from '../../src/log/sqlite/sqlite-log.ts';
import { writeTasks } from '../../tools/bench/history.ts';
import type { CommandLine } from '../cli/command-line.ts';
import { testUnless } from '../kit/test-where.ts';
import { realPorts } from '../log/real-ports.ts';
import { card, expectQuiet, pageMissing, serve, servePage } from './a-page.ts';
import { violations } from './accessible.ts';

const test = testUnless(pageMissing);
const timeout = 90_000;

/** A ship that is built in steps; answers the id of the first. */
async function shipyard(cli: CommandLine): Promise<string> {
  const oak = await cli.create('Order the oak');
  const plan = await cli.create('Draw the lines');
  const keel = await cli.create('Lay the keel', '--parent', oak, '--parent', plan);
  const hull = await cli.create('Plank the hull', '--parent', keel);
  await cli.create('Step the mast', '--parent', keel);
  await cli.create('Launch it', '--parent', hull);
  await cli.run(['complete', plan, '--summary', 'Drawn.']);
  return oak;
}

/** More tasks than a search shows, with a word that no card has. */
async function manyOfHemp(cli: CommandLine): Promise<void> {
  await cli.run(['init']);
  const log = await openSqliteLog(join(cli.directory, '.logboard'), realPorts);
  await writeTasks(log, 501, (index) => ({ title: `rope-${index}`, body: 'Of hemp.' }));
  await log.close();
}

describe('a page that fails', () => {
  test('says so instead of being empty, and comes back', { timeout }, async () => {
    const { cli, open } = await servePage({ options: ['--no-dispatch'] });
    await cli.create('Swab the deck');
    const page = await open();
    await card(page, 'Swab the deck').waitFor();
    await page.evaluate(`
      globalThis.flatMap = Array.prototype.flatMap;
      Array.prototype.flatMap = () => { throw new Error('the cards have slipped'); };
    `);
    await cli.create('Mend the sails');
    await page.getByRole('heading', { name: 'The page has stumbled' }).waitFor();
    await page.getByRole('alert').getByText('the cards have slipped').waitFor();
    await page.evaluate('Array.prototype.flatMap = globalThis.flatMap');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Load again' }).click();
    await card(page, 'Mend the sails').waitFor();
  });
});

test('commands and help are there at once, also when the server is away', { timeout }, async () => {
  const { open } = await servePage({ options: ['--no-dispatch'] });
  const page = await open();
  await page.context().setOffline(true);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('all');
  expect(await page.getByLabel('Command or task').inputValue()).toBe('all');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('?');

  await page.getByRole('heading', { name: 'Keys' }).waitFor();
});

describe('the dependency graph', () => {
  test('shows what is before and after a task, lives, and leads there', { timeout }, async () => {
    let oak = '';
    const served = await servePage({
      options: ['--no-dispatch'],
      before: async (cli) => {
        oak = await shipyard(cli);
      },
    });
    const page = await served.open();
    await card(page, 'Lay the keel').getByRole('button', { name: 'Lay the keel' }).click();
    const graph = page.getByRole('group', { name: 'Dependency graph, 6 tasks' });
    await graph.getByRole('button', { name: /Launch it\W+waiting\W+2 steps after/ }).waitFor();
    await graph.getByRole('button', { name: /Draw the lines\W+done\W+1 step before/ }).waitFor();
    expect(await violations(page)).toEqual([]);

    expect(await page.evaluate('document.documentElement.scrollHeight - innerHeight')).toBe(0);

    await served.cli.run(['complete', oak, '--summary', 'Here.']);
    await graph.getByRole('button', { name: /Order the oak\W+done\W+1 step before/ }).waitFor();
    await graph.getByRole('button', { name: /Lay the keel\W+ready\W+this task/ }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.locator('.drawer').getByRole('heading', { name: 'Launch it' }).waitFor();
    await page.getByRole('button', { name: /Lay the keel\W+ready\W+2 steps before/ }).click();

    await page.locator('.drawer').getByRole('heading', { name: 'Lay the keel' }).waitFor();
    await page.getByRole('button', { name: 'Past' }).click();
    await page.getByRole('slider', { name: 'Position in the log' }).waitFor();
    const before = page.getByRole('button', { name: /Order the oak\W+ready\W+1 step before/ });
    const stepBack = async () => {
      await page.keyboard.press(',');
      return before.count();
    };
    await expect.poll(stepBack).toBe(1);
    const fields = page.locator('.drawer').locator('select, input, textarea');
    expect(await fields.filter({ visible: true }).count()).toBe(0);
    expectQuiet(served);
  });
});

describe('the board switcher', () => {
  test('lists the boards of this machine and leads to those served', { timeout }, async () => {
    const served = await servePage({ options: ['--no-dispatch'] });
    const { cli } = served;
    const page = await served.open();
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.getByRole('button', { name: 'other boards' }).count()).toBe(0);

    await cli.run(['init', '--board', 'release']);
    await page.reload();
    await page.getByRole('button', { name: 'other boards' }).click();
    await page.getByRole('menuitem', { name: 'release' }).getByText('not served').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');

    const { address } = await serve(cli, ['--no-dispatch', '--port', '0', '--board', 'release']);
    await page.getByRole('button', { name: 'other boards' }).click();
    const link = page.getByRole('menuitem', { name: new URL(address).host });
    expect(await link.getAttribute('href')).toBe(address);
    expectQuiet(served);
    await link.click();
    await page.getByText('This browser is not signed in').waitFor();
    expect(page.url()).toBe(`${address}/`);
  });
});

describe('many tasks at once', () => {
  test('are chosen by column, or by what the server counts', { timeout }, async () => {
    const served = await servePage({
      options: ['--no-dispatch'],
      before: async (cli) => {
        for (const part of ['hull', 'keel', 'mast']) {
          await cli.create(`Paint the ${part}`, '--assignee', 'paint');
        }
        await cli.create('Mend the sail', '--assignee', 'sew', '--body', 'Then paint the rings.');
        const flag = await cli.create('Choose a flag');
        await cli.run(['block', flag, 'Which colours?']);
      },
    });
    const page = await served.open();
    const bar = page.getByRole('region', { name: 'Chosen tasks' });
    await page.keyboard.press('j');
    await page.keyboard.press('a');
    await bar.getByText('4 tasks').waitFor();
    await page.getByRole('checkbox', { name: 'Choose all 1 in Blocked' }).check();
    await bar.getByText('5 tasks').waitFor();
    await bar.getByRole('button', { name: 'Unblock' }).waitFor();
    expect(await bar.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    await page.keyboard.press('Escape');

    await page.goto(`${served.address}/?assignee=paint&q=paint`);
    await card(page, 'Paint the hull').waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('all that match');
    await page.keyboard.press('Enter');
    await page.getByText('3 tasks match; nothing was done to them yet.').waitFor();
    await bar.getByRole('button', { name: 'Archive' }).click();
    const dialog = page.getByRole('dialog', { name: 'Archive: 3 tasks' });
    await dialog.waitFor();
    await card(page, 'Paint the hull').waitFor();
    await dialog.getByRole('button', { name: 'Archive' }).click();

    await page.getByText('Archive: 3 tasks.').waitFor();
    await page.getByRole('button', { name: 'Show all tasks' }).click();
    await card(page, 'Mend the sail').waitFor();
    expect(await card(page, 'Paint the').count()).toBe(0);
    expectQuiet(served);
  });

  test('the palette offers a task only what can be done now', { timeout }, async () => {
    const served = await servePage({
      options: ['--no-dispatch'],
      before: async (cli) => void (await cli.create('Look at the mast', '--triage')),
    });
    const page = await served.open();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+k');
    const deeds = page.locator('.palette [role=option]', { hasText: /T-/ });
    await deeds.filter({ hasText: 'To the queue' }).waitFor();
    const names = await deeds.locator('span').allTextContents();
    expect(names).toEqual(['To the queue', 'Start now', 'Block', 'Archive']);
    expectQuiet(served);
  });
});

describe('the drawer', () => {
  test('is as wide as it was drawn, by pointer or by keys, also next time', {
    timeout,
  }, async () => {
    const served = await servePage({
      options: ['--no-dispatch'],
      before: async (cli) => void (await cli.create('Paint the hull')),
    });
    const page = await served.open();
    await card(page, 'Paint the hull').click();
    const edge = page.getByRole('separator', { name: 'Width of the drawer' });
    await edge.waitFor();
    const width = async () => Math.round((await page.locator('.drawer').boundingBox())?.width ?? 0);
    expect(await width()).toBe(520);

    await page.mouse.move(1400 - 520, 400);
    await page.mouse.down();
    await page.mouse.move(1400 - 700, 420, { steps: 4 });
    await page.mouse.up();
    expect(await width()).toBe(700);
    await edge.focus();
    await page.keyboard.press('ArrowRight');
    expect(await width()).toBe(700 - 24);
    expect(await edge.getAttribute('aria-valuenow')).toBe('676');
    expect(await violations(page)).toEqual([]);

    await page.reload();
    await edge.waitFor();
    expect(await width()).toBe(676);
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await width()).toBe(390);
    expect(await edge.isVisible()).toBe(false);
    expectQuiet(served);
  });
});

describe('the search', () => {
  test('finds what bodies and comments say, now and in the past', { timeout }, async () => {
    let flag = '';
    const served = await servePage({
      options: ['--no-dispatch'],
      before: async (cli) => {
        await cli.create('Mend the sail', '--body', 'With hemp thread, double stitched.');
        const hull = await cli.create('Paint the hull');
        await cli.run(['comment', hull, 'The hemp ropes first, please.']);
        flag = await cli.create('Choose a flag');
      },
    });
    const page = await served.open();
    await page.keyboard.press('/');
    await page.keyboard.type('hemp');
    await card(page, 'Mend the sail').locator('mark', { hasText: 'hemp' }).waitFor();
    await card(page, 'Paint the hull').getByText('The hemp ropes first').waitFor();
    expect(await page.locator('.card').count()).toBe(2);
    expect(await violations(page)).toEqual([]);

    await served.cli.run(['comment', flag, 'Of hemp.']);
    await card(page, 'Choose a flag').getByText('Of hemp.').waitFor();
    await page.keyboard.press('Escape');
    await page.goto(`${page.url().split('?')[0]}?q=hemp&at=4`);
    await card(page, 'Mend the sail').waitFor();
    await expect.poll(() => page.locator('.card').count()).toBe(2);
    expectQuiet(served);
  });

  test('that finds very many says that it shows the best', { timeout }, async () => {
    const served = await servePage({ options: ['--no-dispatch'], before: manyOfHemp });
    const page = await served.open();
    await page.goto(`${served.address}/?q=hemp`);
    await page.getByText('These are the best 500 of many').waitFor();
    await page.goto(`${served.address}/?q=hemp+rope-77`);
    await card(page, 'rope-77').waitFor();
    expect(await page.getByText('of many').count()).toBe(0);
    expectQuiet(served);
  });
});
