/** The end of the demonstration: a page for whoever sits there, a command for everybody else. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { bundleChild } from '../kit/child.ts';
import { onTerminal, terminalMissing } from '../kit/pseudo-terminal.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { testUnless } from '../kit/test-where.ts';

const program = () =>
  bundleChild(fileURLToPath(new URL('children/demo-ending.ts', import.meta.url)));

function surroundings(): { readonly directory: string; readonly env: NodeJS.ProcessEnv } {
  const place = tempDir();
  const { PATH } = process.env;
  return { directory: join(place, 'board'), env: { PATH, LOGBOARD_HOME: join(place, 'home') } };
}

/** As the page does it. */
function signIn(address: string, code: string): Promise<Response> {
  return fetch(`${address}/api/v1/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: address },
    body: JSON.stringify({ code }),
  });
}

describe('on a terminal', () => {
  testUnless(terminalMissing).each([['Ctrl-C'], ['SIGTERM']])(
    'the page is there, by a link that signs in once, until %s',
    async (how) => {
      const { directory, env } = surroundings();
      const demo = await onTerminal([process.execPath, await program(), directory], env);
      const [, address = '', code = ''] = await demo.shows(/page +(http:\S+)\/#code=(\S+)/);
      await demo.shows(/Ctrl-C stops it/);

      const first = await signIn(address, code);
      const second = await signIn(address, code);
      const cookie = first.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
      const board = await fetch(`${address}/api/v1/board`, { headers: { Cookie: cookie } });

      expect([first.status, second.status]).toEqual([200, 401]);
      expect(await board.json()).toMatchObject({
        board: { name: 'demo' },
        tasks: expect.any(Array),
      });
      if (how === 'Ctrl-C') demo.type('\x03');
      else process.kill(demo.pid, how as NodeJS.Signals);
      expect(await demo.ended).toBe(0);
      await demo.shows(/The board stays in \S+board\./);
      expect(existsSync(join(directory, 'log.db'))).toBe(true);
      await expect(fetch(address)).rejects.toThrow();
    },
  );

  testUnless(terminalMissing)('of a build machine nobody is waited for', async () => {
    const { directory, env } = surroundings();
    const line = [process.execPath, await program(), directory];
    const demo = await onTerminal(line, { ...env, CI: 'true' });

    expect(await demo.ended).toBe(0);
    await demo.shows(/-- serve --board/);
  });
});

test('without a terminal the command that serves the board is printed', async () => {
  const { directory, env } = surroundings();

  const demo = promisify(execFile)(process.execPath, [await program(), directory], { env });

  const { stdout } = await demo;
  const config = join(directory, 'logboard.yaml');
  expect(stdout).toContain(
    `npm run -s logboard -- serve --board ${directory} --config ${config}\n`,
  );
  expect(stdout).not.toContain('http:');
});
