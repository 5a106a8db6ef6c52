/** One task from its making to its replay: by hand, by a real worker, and as it was. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { bundleChild } from '../kit/child.ts';
import { testUnless } from '../kit/test-where.ts';
import {
  type BoardPage,
  card,
  column,
  drag,
  expectQuiet,
  pageMissing,
  servePage,
} from './a-page.ts';

const test = testUnless(pageMissing);
const timeout = 90_000;
const title = 'Paint the hull';

/** Two coats, each when the test says so, and then somebody has to look. */
async function painter(): Promise<string> {
  const program = await bundleChild(fileURLToPath(new URL('../../src/bin.ts', import.meta.url)));
  const script = [
    'printf "\\033[32mfirst coat\\033[0m\\n"',
    waitFor('dry'),
    'echo second coat',
    waitFor('dry again'),
    `"${process.execPath}" "${program}" complete --review --summary "Two coats."`,
  ].join('; ');
  return JSON.stringify({ drainMs: 200, workers: { paint: { run: ['sh', '-c', script] } } });
}

/** Waits for a file beside the board; for no more than a minute, should the test be gone. */
function waitFor(file: string): string {
  const isMissing = `[ ! -e "$LOGBOARD_BOARD/../${file}" ]`;
  return `n=0; while ${isMissing} && [ $n -lt 600 ]; do sleep 0.1; n=$((n + 1)); done`;
}

test('a task is made, dragged, worked on, approved, and seen again', { timeout }, async () => {
  const served = await servePage({
    config: await painter(),
    before: async (cli) => void (await cli.create('Sand the deck')),
  });
  const page = await served.open();
  const elsewhere = await served.open();

  await page.getByRole('button', { name: 'New task in Triage' }).click();
  await page.getByLabel('Title of the new task').fill(title);
  await page.getByLabel('Who should do it').selectOption('paint');
  await page.getByRole('button', { name: 'Create' }).click();
  await column(page, 'triage').getByText(title).waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await drag(page, title, 'ready');
  await column(page, 'running').getByText(title).waitFor();

  await watchTheWork(page, served);
  await column(elsewhere, 'review').getByText(title).waitFor();
  await page.locator('.drawer').getByRole('button', { name: 'Approve' }).click();
  await column(page, 'done').getByText(title).waitFor();
  await page.locator('.drawer').getByText('Two coats.').first().waitFor();
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Past' }).click();
  const past = page.getByRole('region', { name: 'The past' });
  await past.waitFor();
  expect(await lifeOf(page)).toEqual(['nowhere', 'triage', 'ready', 'running', 'review', 'done']);
  await past.getByRole('slider').fill('1');
  await card(page, title).waitFor({ state: 'detached' });
  await past.getByLabel('Speed').selectOption('1000');
  await past.getByRole('button', { name: 'Play' }).click();
  await column(page, 'done').getByText(title).waitFor();
  await past.getByRole('button', { name: 'Play' }).waitFor();

  await past.getByRole('button', { name: 'Back to live' }).click();
  await past.waitFor({ state: 'detached' });
  await served.cli.create('Choose a flag');
  await column(page, 'ready').getByText('Choose a flag').waitFor();
  await column(elsewhere, 'done').getByText(title).waitFor();
  expectQuiet(served);
});

/** The log grows while it is looked at; at its end the worker asks for a review. */
async function watchTheWork(page: Page, { cli }: BoardPage): Promise<void> {
  await card(page, title).getByRole('button', { name: title }).click();
  const log = page.locator('.log pre');
  await log.getByText('first coat').waitFor();
  expect(await page.locator('.log .green').textContent()).toContain('first coat');
  expect(await log.getByText('second coat').count()).toBe(0);
  writeFileSync(join(cli.directory, 'dry'), '');
  await log.getByText('second coat').waitFor();
  await column(page, 'running').getByText(title).waitFor();
  writeFileSync(join(cli.directory, 'dry again'), '');
  await column(page, 'review').getByText(title).waitFor();
}

/** The columns that the card stood in, from the first event to the last, one step at a time. */
async function lifeOf(page: Page): Promise<readonly string[]> {
  const slider = page.getByRole('slider');
  const last = Number(await slider.getAttribute('max'));
  await slider.fill('1');
  const life: string[] = [];
  for (let position = 1; position <= last; position += 1) {
    await page.getByText(`#${position} of ${last}`).waitFor();
    const place = await placeOf(page);
    if (place !== life.at(-1)) life.push(place);
    await page.keyboard.press('.');
  }
  return life;
}

async function placeOf(page: Page): Promise<string> {
  const holders = await page
    .locator('.board .column', { hasText: title })
    .evaluateAll((found) => found.map(({ classList }) => classList.item(1) ?? ''));
  return holders.join(' and ') || 'nowhere';
}
