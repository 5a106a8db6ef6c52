/** `serve` in a process of its own, and browsers that are signed in to it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext } from 'playwright-core';
import { tokenFile } from '../../src/host/door-secrets.ts';

const binPath = fileURLToPath(new URL('../../src/logboard.cjs', import.meta.url));
/** Where the built page lies. */
export const webDirectory = fileURLToPath(new URL('../../web/', import.meta.url));

/** Why the page cannot be served; undefined when it can. */
export const pageMissing = existsSync(webDirectory) ? undefined : 'the page is not built';

/** A server that is ready. */
export interface PageServer {
  readonly address: string;
  readonly token: string;
  readonly pid: number;
}

/** Serves the board of a directory as long as the work takes. */
export async function withPageServer<T>(
  directory: string,
  work: (server: PageServer) => Promise<T>,
): Promise<T> {
  const options = ['--no-dispatch', '--port', '0', '--json', '--board', directory];
  const child = spawn(process.execPath, [binPath, 'serve', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  try {
    const address = await new Promise<string>((resolve, reject) => {
      exited.then(() => reject(new Error('the server ended before its door was open')));
      createInterface({ input: child.stdout }).on('line', (line) => {
        const [, found] = /"address":\s*"([^"]+)"/.exec(line) ?? [];
        if (found !== undefined) resolve(found);
      });
    });
    const token = readFileSync(tokenFile(directory, 'operator'), 'utf8').trim();
    return await work({ address, token, pid: child.pid ?? 0 });
  } finally {
    child.kill('SIGTERM');
    await exited;
  }
}

/** A browser that has never seen the page, signed in. */
export async function openSignedIn(
  browser: Browser,
  { address, token }: PageServer,
): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1_440, height: 900 } });
  const headers = { Authorization: `Bearer ${token}`, Origin: address };
  const codes = await context.request.post(`${address}/api/v1/codes`, { headers, data: {} });
  const { code } = (await codes.json()) as { code: string };
  const session = { headers: { Origin: address }, data: { code } };
  await context.request.post(`${address}/api/v1/session`, session);
  return context;
}

/** Sends a command, and answers the task as it stands afterwards. */
export async function send(
  { address, token }: PageServer,
  [method, path]: readonly [method: string, path: string],
  body: object,
): Promise<{ readonly id: string }> {
  const type = { 'Content-Type': 'application/json' };
  const headers = { Authorization: `Bearer ${token}`, ...type };
  const url = `${address}/api/v1${path}`;
  const answer = await fetch(url, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
  return (await answer.json()) as { id: string };
}
