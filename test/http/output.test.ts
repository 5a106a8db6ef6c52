/** What workers print and leave behind, as it is asked for over HTTP. */
import { appendFileSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runDirectory } from '../../src/host/run-directory.ts';
import { ada } from '../kit/callers.ts';
import { openHouse } from './a-door.ts';
import { anArtifact, furnish, type Harbour } from './calls.ts';

function print({ directory, runId }: Harbour, text: string): void {
  const { log } = runDirectory(directory, runId);
  mkdirSync(dirname(log), { recursive: true });
  appendFileSync(log, text);
}

describe('the output of a run', () => {
  test('is there from its end, and by the piece, in whole characters', async () => {
    const harbour = await furnish(await openHouse());
    const path = `/api/v1/runs/${harbour.runId}/log`;
    expect((await harbour.ask(path)).json).toMatchObject({ text: '', cut: false });
    print(harbour, 'one\ntwo\nthrée\n');

    expect((await harbour.ask(`${path}?tail=1`)).json).toMatchObject({
      text: 'thrée\n',
      cut: true,
    });
    const read: string[] = [];
    for (let from = 0; ; ) {
      const { json } = await harbour.ask(`${path}?from=${from}&bytes=4`);
      if (json.text === '') break;
      read.push(json.text);
      from = json.next;
    }
    expect(read.join('')).toBe('one\ntwo\nthrée\n');
    expect(read).not.toContain('\ufffd');
    expect(await harbour.ask('/api/v1/runs/R-000000000000/log')).toMatchObject({ status: 404 });
  });

  test('comes as it is printed, until the run is over', async () => {
    const harbour = await furnish(await openHouse());
    print(harbour, 'before\n');

    const response = await harbour.fetch(`/api/v1/runs/${harbour.runId}/log/stream`);
    let text = '';
    for await (const piece of response.body ?? []) {
      text += Buffer.from(piece).toString('utf8');
      if (text.endsWith('"before\\n","afterGap":false}\n\n')) print(harbour, 'and after\n');
      if (text.includes('and after')) {
        await harbour.board.as(ada).completeRun(harbour.runId, {});
      }
    }

    expect(text).toContain('"and after\\n"');
    expect(text).toMatch(/event: end\ndata: \{"runId":"R-\w+","outcome":"completed"\}\n\n$/);
  });
});

describe('an artifact', () => {
  test('is handed out as a file, and never as something to be run', async () => {
    const house = await openHouse();
    const sha256 = anArtifact(house.directory, '<script>alert(1)</script>');

    const response = await house.fetch(`/api/v1/artifacts/${sha256}`);

    expect(await response.text()).toBe('<script>alert(1)</script>');
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': expect.stringMatching(/^attachment; filename="[0-9a-f]+\.bin"$/),
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    });
  });

  test('can be asked about without being fetched', async () => {
    const house = await openHouse();
    const sha256 = anArtifact(house.directory, 'a hull');

    const response = await house.fetch(`/api/v1/artifacts/${sha256}`, { method: 'HEAD' });

    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe('6');
    expect(await response.text()).toBe('');
  });

  test.each([
    ['..%2f..%2flog.db'],
    ['%2e%2e'],
    ['a'.repeat(64)],
    ['A'.repeat(64)],
    [`${'a'.repeat(63)}%00`],
  ])('called %s is none', async (name) => {
    const house = await openHouse();

    const { status } = await house.ask(`/api/v1/artifacts/${name}`);

    expect([400, 404]).toContain(status);
  });

  test('that leads elsewhere is not followed', async () => {
    const house = await openHouse({ host: '127.0.0.1', port: 0 }, { onFault: () => {} });
    const sha256 = anArtifact(house.directory, 'x').replace(/^./, '0').padEnd(64, '0');
    symlinkSync(join(house.directory, 'log.db'), join(house.directory, 'artifacts', sha256));

    expect((await house.ask(`/api/v1/artifacts/${sha256}`)).status).toBeGreaterThanOrEqual(400);
  });
});
