/** What the HTTP guide shows people to type, typed against a real server. */
import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect } from 'vitest';
import { house } from '../house/checkout.ts';
import { type OpenHouse, openHouse } from '../http/a-door.ts';
import { testUnless } from '../kit/test-where.ts';

const test = testUnless(hasCurl() ? undefined : 'there is no curl, which the HTTP guide uses');
const guide = readFileSync(join(house, 'docs/http.md'), 'utf8');

function hasCurl(): boolean {
  try {
    execFileSync('curl', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The commands of the guide that ask with curl: whole scripts, and lines after a prompt. */
const scripts = [...guide.matchAll(/^```sh\n(.*?)^```/gms)]
  .map(([, script = '']) => script)
  .filter((script) => script.includes('curl'));
const lines = [...guide.matchAll(/^\$ (curl .*)$/gm)].map(([, line = '']) => line);

/** Types them beside the board, where the guide has its reader sit; only the port is another. */
async function typed({ directory, door }: OpenHouse, text: string): Promise<string> {
  const { port } = new URL(door.address);
  const here = text.replaceAll(':4747', `:${port}`);
  const options = { cwd: dirname(directory), env: { PATH: process.env['PATH'] } };
  const { stdout } = await promisify(execFile)('sh', ['-ec', here], options);
  return stdout;
}

describe('the HTTP guide', () => {
  test('has something to type, and a token to type it with', () => {
    expect(scripts).toHaveLength(1);
    expect(lines).toHaveLength(1);
    expect(scripts[0]).toContain('TOKEN=');
  });

  test('asks for figures, and makes a task', async () => {
    const open = await openHouse();

    const said = await typed(open, scripts.join('\n'));

    const [stats, task] = said.split(/(?<=\})(?=\{)/).map((text) => JSON.parse(text));
    expect(stats).toMatchObject({ total: 0 });
    expect(task).toMatchObject({ title: 'Paint the hull', assignee: 'paint', created: true });
  });

  test('follows events, and gets what it shows', async () => {
    const open = await openHouse();
    const token = `TOKEN="$(cat .logboard/http/operator.token)"`;
    const [line = ''] = lines.map((each) => each.replace('after=4711', 'after=0'));

    // It goes on until somebody has seen enough.
    const said = await typed(open, `${token}; ${line} --max-time 2 || true`);

    expect(said).toMatch(/^retry: 1000\n\nid: 1\ndata: \{"position":1,"stream":"board",/);
  });
});
