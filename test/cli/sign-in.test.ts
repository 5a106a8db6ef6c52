/** `sign-in`: browsers, at the page of a board that another process serves. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { exitCodes } from '../../src/outcome.ts';
import { type CommandLine, commandLine } from './command-line.ts';

describe('a link of `sign-in`', () => {
  test('signs one browser in, with the role that was asked for', async () => {
    const cli = await served();

    const { url } = await cli.json(['sign-in', '--role', 'reader']);
    const first = await redeem(url);

    expect(first.status).toBe(200);
    expect(await first.json()).toEqual({ role: 'reader' });
    expect(first.headers.get('set-cookie')).toContain('HttpOnly');
    expect((await redeem(url)).status).toBe(401);
  });

  test('makes an operator where nothing is said, and stands alone on stdout', async () => {
    const cli = await served();

    const { stdout, stderr } = await cli.run(['sign-in']);

    expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#code=[\w-]+\n$/);
    expect(stderr).toContain('good once');
    expect(await (await redeem(stdout.trim())).json()).toEqual({ role: 'operator' });
  });

  test('begins with the origin that browsers see behind a proxy', async () => {
    const cli = await served('--known-as', 'https://board.example.org');

    const { url } = await cli.json(['sign-in']);

    expect(url).toMatch(/^https:\/\/board\.example\.org\/#code=[\w-]+$/);
  });

  test('is not to be had while nobody serves the board', async () => {
    const cli = commandLine();
    await cli.run(['init']);

    const { error } = await cli.json(['sign-in'], { exit: exitCodes.unavailable });

    expect(error).toMatchObject({ code: 'not_served', hint: expect.stringContaining('serve') });
  });

  test('is not asked of a stranger at the port of a server that died', async () => {
    const cli = await served();
    const asked: string[] = [];
    const stranger = await listening((url) => asked.push(url));
    becomeThatOf(cli, { address: stranger, pid: pidOfTheDead() });

    const { error } = await cli.json(['sign-in'], { exit: exitCodes.unavailable });

    expect(error.code).toBe('not_served');
    expect(asked).toEqual([]);
  });
});

/** A board that is served until the test is over. */
async function served(...options: readonly string[]): Promise<CommandLine> {
  const cli = commandLine();
  const stopping = new AbortController();
  await new Promise<void>((resolve) => {
    const line = ['serve', '--no-dispatch', '--port', '0', '--json', ...options];
    const serving = cli.run(line, {
      stopped: stopping.signal,
      onStdout: (text) => {
        if (text.includes('listening')) resolve();
      },
    });
    onTestFinished(async () => {
      stopping.abort();
      await serving;
    });
  });
  return cli;
}

/** What a page does with the link it was opened with. */
function redeem(link: string): Promise<Response> {
  const { origin, hash } = new URL(link);
  return fetch(`${origin}/api/v1/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: origin },
    body: JSON.stringify({ code: hash.replace('#code=', '') }),
  });
}

async function listening(onRequest: (url: string) => void): Promise<string> {
  const server = createServer(({ url = '' }, response) => {
    onRequest(url);
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function becomeThatOf({ home }: CommandLine, other: object): void {
  const [name = ''] = readdirSync(join(home, 'doors'));
  const file = join(home, 'doors', name);
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...other }));
}

function pidOfTheDead(): number {
  return spawnSync('true').pid;
}
