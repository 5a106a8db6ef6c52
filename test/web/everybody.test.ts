/** The page for everybody: without a mouse, on a phone, by ear, by night, and by hostile hands. */
import { describe, expect } from 'vitest';
import type { CommandLine } from '../cli/command-line.ts';
import { testUnless } from '../kit/test-where.ts';
import { card, column, expectQuiet, pageMissing, servePage } from './a-page.ts';
import { violations, violationsInBoth } from './accessible.ts';

const test = testUnless(pageMissing);
const timeout = 90_000;

/** A board with something in most columns. */
async function furnish(cli: CommandLine): Promise<void> {
  const hull = await cli.create('Paint the hull', '--assignee', 'paint', '--priority', '5');
  await cli.create('Launch it', '--parent', hull, '--tenant', 'acme');
  await cli.create(
    'Look at the mast',
    '--triage',
    '--body',
    'It **creaks**. See [here](https://a.example).',
  );
  const flag = await cli.create('Choose a flag');
  await cli.run(['block', flag, 'Which colours?']);
  const sail = await cli.create('Mend the sail', '--assignee', 'sew');
  await cli.run(['complete', sail, '--summary', 'Nine stitches.']);
  await cli.run(['comment', hull, 'Two coats, please.']);
}

test('nobody is shut out of any view, in light or in dark', { timeout }, async () => {
  const served = await servePage({ options: ['--no-dispatch'], before: furnish });
  const page = await served.open('/', { colorScheme: 'light' });
  expect(await violationsInBoth(page), 'the board').toEqual([]);

  await card(page, 'Paint the hull').getByRole('button', { name: 'Paint the hull' }).click();
  await page.getByText('Two coats, please.').waitFor();
  await page.keyboard.press('w');
  await page.getByRole('region', { name: 'Why' }).waitFor();
  await page.getByRole('button', { name: 'Events' }).click();
  await page.getByText('task created').waitFor();
  expect(await violationsInBoth(page), 'the drawer').toEqual([]);
  await page.keyboard.press('Escape');

  await page.keyboard.press('?');
  await page.getByRole('heading', { name: 'Keys' }).waitFor();
  expect(await violationsInBoth(page), 'the help').toEqual([]);
  // Nobody waits until the page has noticed that its dialog is closed.
  await page.evaluate(`
    document.querySelector('dialog').close();
    dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true }));
  `);
  await page.locator('.palette [role=option]').first().waitFor();
  expect(await violationsInBoth(page), 'the palette').toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  await page.keyboard.press('c');
  expect(await violationsInBoth(page), 'a new task').toEqual([]);
  await page.keyboard.press('Escape');

  await page.keyboard.press('m');
  await page.getByRole('menuitem').first().waitFor();
  expect(await violationsInBoth(page), 'the menu').toEqual([]);
  await page.getByRole('menuitem', { name: 'Block' }).click();
  await page.getByRole('dialog').waitFor();
  expect(await violationsInBoth(page), 'a question').toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  await page.keyboard.press('x');
  await page.getByRole('region', { name: 'Chosen tasks' }).waitFor();
  expect(await violationsInBoth(page), 'chosen tasks').toEqual([]);
  expectQuiet(served);
});

describe('without a mouse', () => {
  test('a task is made, found, moved, opened and left again', { timeout }, async () => {
    const served = await servePage({ options: ['--no-dispatch'], before: furnish });
    const page = await served.open();
    const press = (...keys: string[]) =>
      keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());

    await press('c');
    await page.keyboard.type('Tar the seams');
    await press('Enter');
    await card(page, 'Tar the seams').waitFor();
    await press('Escape', '/');
    await page.keyboard.type('tar seams');
    await expect.poll(() => page.locator('.card').count()).toBe(1);
    await press('Enter', 'j', 'm');
    await page.getByRole('menuitem', { name: 'Block' }).waitFor();
    await page.keyboard.type('Bl');
    await page.locator('[role=menuitem]:focus', { hasText: 'Block' }).waitFor();
    await press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type('No tar is left.');
    await press('Control+Enter');
    await column(page, 'blocked').getByText('Tar the seams').waitFor();
    await press('j', 'Enter');
    await page.getByRole('complementary', { name: /^Task T-/ }).waitFor();
    await press('Escape');

    await page.getByRole('complementary', { name: /^Task T-/ }).waitFor({ state: 'detached' });
    const focused = await page.evaluate<string>(
      "document.activeElement.getAttribute('aria-label')",
    );
    expect(focused).toContain('Tar the seams');
    expectQuiet(served);
  });

  test('a menu that is left gives the focus back to its card', { timeout }, async () => {
    const served = await servePage({ options: ['--no-dispatch'], before: furnish });
    const page = await served.open();
    await page.keyboard.press('j');
    const focused = () =>
      page.evaluate<string | null>("document.activeElement.getAttribute('aria-label')");
    const before = await focused();

    await page.keyboard.press('m');
    await page.getByRole('menuitem').first().waitFor();
    await page.keyboard.press('Escape');

    await expect.poll(focused).toBe(before);
    expect(before).toContain('Look at the mast');
    expectQuiet(served);
  });

  test('Tab reaches one card of every column', { timeout }, async () => {
    const served = await servePage({ options: ['--no-dispatch'], before: furnish });
    const page = await served.open();

    const columns = await page.locator('.column:has(.card)').count();
    expect(columns).toBe(5);
    expect(await page.locator('.face[tabindex="0"]').count()).toBe(columns);
  });
});

describe('on a phone', () => {
  const phone = { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true };

  test('one column is shown at a time, and nothing sticks out', { timeout }, async () => {
    const served = await servePage({ options: ['--no-dispatch'], before: furnish });
    const page = await served.open('/', phone);
    const width = () => page.evaluate<number>('document.documentElement.scrollWidth');

    await page.getByRole('button', { name: /^Ready/ }).tap();
    await card(page, 'Paint the hull').waitFor();
    expect(await page.locator('.column:visible').count()).toBe(1);
    expect(await width()).toBe(390);

    await card(page, 'Paint the hull').getByRole('button', { name: 'Paint the hull' }).tap();
    const drawer = page.getByRole('complementary', { name: /^Task T-/ });
    await drawer.getByText('Two coats, please.').waitFor();
    expect((await drawer.boundingBox())?.width).toBe(390);
    expect(await width()).toBe(390);
    expect(await violations(page)).toEqual([]);
    await drawer.getByRole('button', { name: 'Close' }).tap();
    await drawer.waitFor({ state: 'detached' });
    expectQuiet(served);
  });
});

describe('text of others', () => {
  const attacks = [
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<svg onload=alert(1)>',
    '![shot](https://evil.example/pixel.png)',
    '[press](javascript:alert(1))',
    '[press](data:text/html,<script>alert(1)</script>)',
    '<iframe src="https://evil.example"></iframe>',
    '<style>body{display:none}</style>',
    '<a href="javascript:alert(1)">press</a>',
    '"><script src=https://evil.example/x.js></script>',
    '[x]: https://evil.example "onmouseover=alert(1)"',
    '`</code><script>alert(1)</script>`',
    '<form action=https://evil.example><button>press</button></form>',
    '<math><mtext></math><img src=x onerror=alert(1)>',
    '<meta http-equiv=refresh content="0;url=https://evil.example">',
    '<link rel=stylesheet href=https://evil.example/x.css>',
  ];

  test('is shown as text: no dialog, no request, no element of theirs', { timeout }, async () => {
    const body = attacks.join('\n\n');
    const served = await servePage({
      options: ['--no-dispatch'],
      before: async (cli) => {
        for (const attack of attacks) await cli.create(attack);
        const task = await cli.create('Hull', '--body', body);
        await cli.run(['comment', task, body]);
        await cli.run(['complete', task, '--summary', body]);
      },
    });
    const page = await served.open();
    for (const attack of attacks) await card(page, attack).first().waitFor();

    await column(page, 'done').getByRole('button', { name: 'Hull' }).click();
    await page.locator('.comments .markdown').waitFor();
    const drawer = page.locator('.drawer .markdown');
    const theirs = 'script, img, svg, iframe, style, form, meta, link, math, [onerror], [onload]';
    expect(await drawer.locator(theirs).count()).toBe(0);
    const addresses = await drawer
      .locator('a')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href')));
    expect(addresses.filter((address) => address && !/^https?:|^mailto:/.test(address))).toEqual(
      [],
    );
    expectQuiet(served);
  });
});
