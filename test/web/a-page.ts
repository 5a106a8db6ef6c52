/** The board page in Debian's Chromium, over a real server with a real dispatcher. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, expect, onTestFinished } from 'vitest';
import { type CommandLine, commandLine } from '../cli/command-line.ts';
import { house } from '../house/checkout.ts';
import { browserMissing, executablePath } from '../kit/browser.ts';
import { eventually } from '../kit/eventually.ts';

/** What `testUnless` is told where the page cannot be opened. */
export const pageMissing =
  browserMissing ??
  (existsSync(join(house, 'dist/web/index.html'))
    ? undefined
    : 'the page is not built (npm run build)');

/** A server with its board, and browsers that are signed in. */
export interface BoardPage {
  readonly cli: CommandLine;
  readonly address: string;
  /** Errors and warnings of every page that was opened, and requests to anywhere else. */
  readonly complaints: readonly string[];
  /** Opens the page in a window of its own, signed in. */
  open(path?: string, options?: BrowserContextOptions): Promise<Page>;
  /** Stops the server; answers how to start another in its place. */
  stop(): Promise<() => Promise<void>>;
}

/** What is served. */
export interface Served {
  /** The configuration file. */
  readonly config?: string;
  /** What happens on the board before anybody looks. */
  readonly before?: (cli: CommandLine) => Promise<void>;
  readonly options?: readonly string[];
}

/** Serves a board until the test is over. */
export async function servePage({ config, before, options = [] }: Served = {}): Promise<BoardPage> {
  const cli = commandLine();
  if (config !== undefined) writeFileSync(join(cli.directory, 'logboard.yaml'), config);
  await cli.run(['init']);
  await before?.(cli);
  const { address, stop } = await serve(cli, ['--port', '0', ...options]);
  const complaints: string[] = [];

  async function open(path = '/', settings: BrowserContextOptions = {}): Promise<Page> {
    const viewport = { width: 1400, height: 860 };
    const context = await (await theBrowser()).newContext({ viewport, ...settings });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    listen(page, address, complaints);
    await page.goto(`${address}${path}#code=${await codeFor(address, cli.directory)}`);
    await page.getByText('live', { exact: false }).first().waitFor();
    return page;
  }

  return {
    cli,
    address,
    complaints,
    open,
    async stop() {
      await stop();
      const { port } = new URL(address);
      return async () => void (await serve(cli, ['--port', port, ...options]));
    },
  };
}

/** Nothing went wrong on the pages: no error, no warning, no policy broken, nobody else asked. */
export function expectQuiet({ complaints }: BoardPage): void {
  expect(complaints).toEqual([]);
}

/** Serves a board until the test is over, or `stop` is called. */
export async function serve(cli: CommandLine, options: readonly string[]) {
  const stopping = new AbortController();
  let said = '';
  const serving = cli.run(['serve', '--json', ...options], {
    stopped: stopping.signal,
    onStdout: (text) => {
      said += text;
    },
  });
  const stop = async () => {
    stopping.abort();
    await serving;
  };
  onTestFinished(stop);
  const address = () => /"address":\s*"([^"]+)"/.exec(said)?.[1];
  await eventually('the door is open', async () => address() !== undefined, 20_000);
  return { address: address() ?? '', stop };
}

let browser: Promise<Browser> | undefined;
afterAll(async () => (await browser)?.close());

/** One for all tests of a file: starting it costs as much as a test. */
function theBrowser(): Promise<Browser> {
  browser ??= chromium.launch({ executablePath, args: ['--no-sandbox'] });
  return browser;
}

/** What signs a browser in, once: `serve` puts it into the address that it prints. */
async function codeFor(address: string, directory: string): Promise<string> {
  const file = join(directory, '.logboard', 'http', 'operator.token');
  const answer = await fetch(`${address}/api/v1/codes`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${readFileSync(file, 'utf8').trim()}`,
      'Content-Type': 'application/json',
    },
    body: '{}',
  });
  const { code } = (await answer.json()) as { code: string };
  return code;
}

function listen(page: Page, address: string, complaints: string[]): void {
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(address)) complaints.push(`asked for ${request.url()}`);
  });
}

/** A card of the board. */
export function card(page: Page, title: string) {
  return page.locator('.board .card', { hasText: title });
}

/** A column of the board. */
export function column(page: Page, name: string) {
  return page.locator(`.column.${name}`);
}

/** Drags a card to another column, with the mouse; `onTheWay` happens while it is in the air. */
export async function drag(
  page: Page,
  title: string,
  to: string,
  onTheWay: () => Promise<unknown> = async () => undefined,
): Promise<void> {
  const from = await card(page, title).boundingBox();
  const target = await column(page, to).boundingBox();
  if (from === null || target === null) throw new Error('nothing to drag');
  await page.mouse.move(from.x + 60, from.y + 40);
  await page.mouse.down();
  await page.mouse.move(from.x + 90, from.y + 60, { steps: 4 });
  await onTheWay();
  await page.mouse.move(target.x + 60, target.y + 90, { steps: 8 });
  await page.locator(`.column.${to}.welcome.over`).waitFor();
  await page.mouse.up();
}
