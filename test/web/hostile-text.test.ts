/** Text of others in every field the page shows: hundreds at once, and it stays text. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import type { Board } from '../../src/app/board.ts';
import { createRunStore } from '../../src/host/run-store.ts';
import { openBoardAt } from '../../src/main.ts';
import type { CommandLine } from '../cli/command-line.ts';
import { accepted, ada, dispatcher } from '../kit/callers.ts';
import { controlTexts, hostileTexts } from '../kit/hostile-texts.ts';
import { testUnless } from '../kit/test-where.ts';
import { card, expectQuiet, pageMissing, servePage } from './a-page.ts';

const test = testUnless(pageMissing);
const timeout = 120_000;

/** As a field of one line takes it. */
function inOneLine(text: string, charsMax: number): string {
  return text.replace(/\s+/g, ' ').slice(0, charsMax).trim();
}

const lines = hostileTexts.map((text) => inOneLine(text, 200));

/** A task for each text, in every state; and one task that has all of them. */
async function plant(board: Board, directory: string): Promise<string> {
  const commands = board.as(ada);
  for (const [at, text] of hostileTexts.entries()) {
    const [title, tenant] = [inOneLine(text, 500), lines[at] ?? ''];
    const fields = { title, tenant, branch: tenant, model: tenant, body: text, skills: [] };
    const { taskId } = await accepted(commands.create({ ...fields, triage: at % 6 === 5 }));
    const put = states[at % states.length];
    await put?.(board, taskId, text);
  }
  await board.as(ada).changeBoard({ type: 'RenameBoard', name: lines[0] ?? '' });
  return plantAll(board, directory);
}

type Put = (board: Board, taskId: string, text: string) => Promise<unknown>;

/** Where a task may stand, each with what is said about it there. */
const states: readonly Put[] = [
  async () => {},
  (board, taskId, reason) =>
    accepted(board.as(ada).block(taskId, { cause: 'needs_input', reason })),
  (board, taskId, text) =>
    accepted(board.as(ada).complete(taskId, { summary: text, result: text })),
  async (board, taskId, text) => {
    const { runId } = await accepted(board.as(dispatcher).claim(taskId));
    const note = inOneLine(text, 2_000);
    await accepted(board.as(ada).heartbeat(runId, { note, progress: 0.4 }));
  },
  async (board, taskId, error) => {
    const { runId } = await accepted(board.as(dispatcher).claim(taskId));
    const crash = {
      type: 'CrashRun' as const,
      exit: { exitCode: 1 },
      error,
      evidence: { saw: error },
    };
    await accepted(board.as(dispatcher).endRun(runId, crash));
  },
  async () => {},
];

/** One task with all texts as comments, body, hand-off, artifacts, skills, and as its output. */
async function plantAll(board: Board, directory: string): Promise<string> {
  const all = hostileTexts.join('\n\n');
  const names = lines.map((line) => line.replaceAll(',', ';'));
  const fields = { title: 'All of it', body: all, skills: [...new Set(names)] };
  const { taskId } = await accepted(board.as(ada).create(fields));
  for (const body of hostileTexts) await accepted(board.as(ada).comment(taskId, { body }));
  const { runId } = await accepted(board.as(dispatcher).claim(taskId));
  const store = createRunStore(directory);
  const bytes = Buffer.from([...controlTexts, ...hostileTexts].join('\n'));
  await store.appendLog(runId, { offset: 0, bytes, bytesMax: 1_000_000 });
  const metadata = Object.fromEntries(names.map((name) => [`${name} `, name]));
  const artifacts = names.map((name) => ({ name, sha256: 'a'.repeat(64), bytes: 1 }));
  const handOff = {
    summary: all.slice(0, 60_000),
    result: all.slice(0, 60_000),
    metadata,
    artifacts,
  };
  await accepted(board.as(ada).completeRun(runId, handOff));
  return taskId;
}

/** Fills the board of a folder; answers the task that has all of it. */
async function furnish(cli: CommandLine): Promise<string> {
  const directory = join(cli.directory, '.logboard');
  const board = await openBoardAt(directory, { access: 'write', policy: undefined });
  try {
    return await plant(board, directory);
  } finally {
    await board.close();
  }
}

/** Runs before everything else of a page: hears of scripts that ran, and of what was refused. */
const watch = `
  window.heard = [];
  window.canary = (at) => window.heard.push('text ' + at + ' ran');
  window.bare = Object.getOwnPropertyNames(Object.prototype).join();
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
    window.heard.push(violatedDirective + ' refused ' + blockedURI);
  });
`;

/** What text of others has become that is more than text. */
const more = `(() => {
  const found = [...window.heard];
  if (Object.getOwnPropertyNames(Object.prototype).join() !== window.bare) {
    found.push('every object has something new');
  }
  const theirs = 'iframe, frame, object, embed, base, style, math, marquee, video, audio, ' +
    'portal, template, meta[http-equiv], ' +
    '[srcset], [srcdoc], [poster], [background], [ping], [formaction], [action], img';
  for (const each of document.querySelectorAll(theirs)) found.push('element ' + each.outerHTML);
  for (const each of document.querySelectorAll('*')) {
    for (const { name, value } of each.attributes) {
      if (/^on/i.test(name)) found.push('attribute ' + name + '=' + value);
    }
  }
  for (const each of document.querySelectorAll('script, link')) {
    const address = each.src ?? each.href;
    if (!address.startsWith(location.origin + '/assets/')) found.push('element ' + each.outerHTML);
  }
  for (const { href, protocol, outerHTML } of document.querySelectorAll('a[href]')) {
    if (!['http:', 'https:', 'mailto:'].includes(protocol)) found.push('link ' + outerHTML);
  }
  return found.map((each) => each.slice(0, 300));
})()`;

async function expectText(page: Page, where: string): Promise<void> {
  expect(await page.evaluate<readonly string[]>(more), where).toEqual([]);
}

/** Every card is drawn once: columns draw what is in sight. */
async function scrollAll(page: Page): Promise<void> {
  for (const box of await page.locator('.column .cards').all()) {
    await box.evaluate(`async (box) => {
      for (let top = 0; top < box.scrollHeight; top += box.clientHeight) {
        box.scrollTop = top;
        await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
      }
    }`);
  }
}

/** Every view, each with what tells that it is drawn. */
const views = [
  ['in groups', '/?group=tenant', '.card'],
  ['in search', `/?q=${encodeURIComponent('<script>')}`, '.card'],
  ['on the timeline', '/?view=timeline', 'canvas'],
  ['in the plots', '/?view=plots', 'canvas'],
  ['in the past', '/?at=700', '.card'],
] as const;

describe('text of others', () => {
  test('is text wherever the page shows it', { timeout }, async () => {
    expect(hostileTexts.length).toBeGreaterThan(300);
    let whole = '';
    const served = await servePage({
      options: ['--no-dispatch'],
      before: async (cli) => {
        whole = await furnish(cli);
      },
    });
    const page = await served.open();
    const windows: string[] = [];
    page.context().on('page', (other) => windows.push(other.url()));
    await page.addInitScript(watch);

    await page.goto(`${served.address}/`);
    await card(page, 'All of it').waitFor();
    await scrollAll(page);
    await expectText(page, 'on the board');

    await page.goto(`${served.address}/?task=${whole}`);
    await lookThrough(page);
    await expectText(page, 'in the drawer');

    for (const [where, path, drawn] of views) {
      await page.goto(`${served.address}${path}`);
      await page.locator(drawn).first().waitFor();
      await page.keyboard.press('Control+k');
      await page.locator('.palette input').fill('script');
      await page.locator('.palette [role=option]').first().waitFor();
      await expectText(page, where);
    }

    await page.goto(`${served.address}/?q=afloat`);
    await page.getByText('live', { exact: false }).first().waitFor();
    await page.keyboard.press('c');
    await page.getByLabel('Title of the new task').fill('Still afloat');
    await page.keyboard.press('Enter');
    await card(page, 'Still afloat').waitFor();
    expect(windows).toEqual([]);
    expectQuiet(served);
  });
});

/** Opens everything that the drawer has, and sees all of it drawn. */
async function lookThrough(page: Page): Promise<void> {
  const drawer = page.locator('.drawer');
  await drawer.locator('.comments .markdown').last().waitFor();
  expect(await drawer.locator('.comments > li').count()).toBe(hostileTexts.length);
  expect(await drawer.locator('.artifacts li').count()).toBe(hostileTexts.length);
  await page.keyboard.press('w');
  await page.getByRole('region', { name: 'Why' }).waitFor();
  await drawer.getByRole('button', { name: '▸ Events' }).click();
  await drawer.locator('.events details').first().waitFor();
  await drawer
    .locator('details')
    .evaluateAll('(all) => all.forEach((one) => { one.open = true; })');
  await expect.poll(() => drawer.locator('.log pre').textContent()).toContain('<script>canary');
}
