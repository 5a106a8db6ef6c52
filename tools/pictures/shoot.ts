/** Takes the pictures of a page in Debian's Chromium. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { Cast } from './furnish.ts';

/** Where Debian has it. */
const executablePath = '/usr/bin/chromium';
/** Size of the pictures, px. */
const viewport = { width: 1440, height: 900 };
/** Until what moves has come to rest, ms. */
const restMs = 1_200;

/** What the pictures are taken of. */
export interface Sitting {
  /** An address that signs a browser in; a new one each time. */
  link(): string;
  readonly address: string;
  readonly cast: Cast;
}

interface Picture {
  readonly name: string;
  readonly colorScheme?: 'dark';
  readonly query: string;
  /** What is done before the picture is taken. */
  readonly before?: (page: Page) => Promise<void>;
}

/** Takes all of them; answers the names of the files. */
export async function shoot(sitting: Sitting, into: string): Promise<readonly string[]> {
  mkdirSync(into, { recursive: true });
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const files: string[] = [];
    for (const picture of picturesOf(sitting)) {
      const path = join(into, `${picture.name}.png`);
      await take(browser, sitting, picture, path);
      files.push(path);
    }
    return files;
  } finally {
    await browser.close();
  }
}

function picturesOf({ cast }: Sitting): readonly Picture[] {
  const migration = `task=${cast.get('migrate')}`;
  return [
    { name: 'board', query: '' },
    { name: 'board-dark', query: '', colorScheme: 'dark' },
    { name: 'drawer', query: migration },
    { name: 'run', query: migration, before: toTheRuns },
    { name: 'timeline', query: 'view=timeline' },
    { name: 'past', query: 'at=1', before: toTheRefusal },
  ];
}

async function take(browser: Browser, sitting: Sitting, picture: Picture, path: string) {
  const { query, colorScheme = 'light', before } = picture;
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(sitting.link());
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.goto(`${sitting.address}/?${query}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await before?.(page);
  await page.waitForTimeout(restMs);
  await page.mouse.move(0, 0);
  await page.screenshot({ path });
  await context.close();
}

async function toTheRuns(page: Page): Promise<void> {
  await page.getByText('checksum ok').first().waitFor();
  await page.getByRole('heading', { name: 'Waited for by' }).evaluate((it) => it.scrollIntoView());
}

/** Where a stale write was refused: the last of the stops in the log. */
async function toTheRefusal(page: Page): Promise<void> {
  const slider = page.getByRole('slider', { name: 'Position in the log' });
  await slider.waitFor();
  await page.waitForTimeout(restMs);
  await slider.press('End');
  await page.getByLabel('failure').uncheck();
  await page.getByLabel('reclaim').uncheck();
  await page.getByRole('button', { name: 'The stop before' }).click();
  await page.getByLabel('failure').check();
  await page.getByLabel('reclaim').check();
}
