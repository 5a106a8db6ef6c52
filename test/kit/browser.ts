/** Debian's Chromium for one test: pages from disk, and everything that went wrong on them. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { tempDir } from './temp-dir.ts';

/** Where Debian has it. */
export const executablePath = '/usr/bin/chromium';

/** What `testUnless` is told where there is no browser. */
export const browserMissing = existsSync(executablePath)
  ? undefined
  : `there is no ${executablePath}, which opens the pages (apt-get install chromium)`;

/** A page, and what must stay empty on one that is in order. */
export interface OpenPage {
  readonly page: Page;
  /** Errors and warnings of the console, and exceptions that nothing caught. */
  readonly complaints: readonly string[];
  /** Addresses it asked for, other than its own. */
  readonly requests: readonly string[];
}

/** Opens a document from disk; the browser goes away with the test. */
export async function openHtml(html: string, options?: BrowserContextOptions): Promise<OpenPage> {
  const path = join(tempDir(), 'page.html');
  writeFileSync(path, html);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  onTestFinished(() => browser.close());
  const page = await (await browser.newContext(options)).newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  const url = pathToFileURL(path).href;
  page.on('request', (request) => {
    if (request.url() !== url) requests.push(request.url());
  });
  await page.goto(url);
  return { page, complaints, requests };
}
