/** What a worker elsewhere may say about its run, and what nobody else may. */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ada } from '../kit/callers.ts';
import { type OpenHouse, openHouse } from './a-door.ts';
import { claim, makeTask, remoteRun } from './remote.ts';

describe('the worker of a run', () => {
  test('beats, and hears how long its lease is and what was said', async () => {
    const house = await openHouse();
    const { say, taskId } = await remoteRun(house, { ttlMs: 60_000 });
    const ada = house.board.as({ actor: { kind: 'human', id: 'ada' }, surface: 'cli' });
    await ada.comment(taskId, { body: 'mind the bow' });

    const first = await say('heartbeat', { note: 'page 1', progress: 0.25 });
    await say('comment', { body: 'I do' });
    const [heard] = first.json.comments;
    const later = await say('progress', { progress: 0.5, commentsAfter: heard.position });

    expect(first.json).toMatchObject({ stop: false, changed: true, version: 1 });
    expect(first.json.leaseLeftMs).toBeGreaterThan(55_000);
    expect(heard).toMatchObject({ body: 'mind the bow', author: 'ada' });
    expect(later.json).toMatchObject({ comments: [], version: 2 });
    const run = (await house.board.read()).runs(taskId).at(-1);
    expect(run).toMatchObject({ note: 'page 1', progress: 0.5 });
  });

  test('is heard once under a key, even after a restart and after later words', async () => {
    const house = await openHouse();
    const { bearer, runId, say } = await remoteRun(house);
    const words = {
      usage: { costUsd: 2.5 },
      heartbeat: { note: 'page 1' },
      progress: { progress: 0.2 },
    };
    const sayAll = async (place: OpenHouse) => {
      const positions: unknown[] = [];
      for (const [what, body] of Object.entries(words)) {
        const headers = { 'Idempotency-Key': `${what}-1` };
        const said = await place.ask(`/api/v1/runs/${runId}/${what}`, { bearer, body, headers });
        positions.push(said.json.position);
      }
      return positions;
    };
    const firsts = await sayAll(house);
    await say('progress', { progress: 0.9, note: 'page 9' });

    const later = await house.restart();
    expect(await sayAll(later)).toEqual(firsts);
    expect(new Set(firsts).size).toBe(3);
    const run = (await later.board.read()).run(runId);
    expect(run).toMatchObject({ costUsd: 2.5, progress: 0.9, note: 'page 9' });
  });

  test('completes with what it handed in, and a repeat changes nothing', async () => {
    const house = await openHouse();
    const { bearer, runId, say, taskId } = await remoteRun(house);
    const bytes = Buffer.from('a hull, painted');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const handIn = (name: string, body: Uint8Array) =>
      house.ask(`/api/v1/runs/${runId}/artifact?name=${encodeURIComponent(name)}`, {
        bearer,
        body,
      });

    await handIn('out/hull.txt', Buffer.from('a first try'));
    const kept = await handIn('out/hull.txt', bytes);
    await say('usage', { model: 'm', inputTokens: 10 });
    const done = await say('complete', { summary: 'painted', version: 1 });
    const again = await say('complete', { summary: 'painted' });

    expect(kept).toMatchObject({ status: 201, json: { sha256, bytes: bytes.length } });
    expect(readFileSync(join(house.directory, 'artifacts', sha256))).toEqual(bytes);
    expect(done).toMatchObject({ status: 200, json: { changed: true } });
    expect(again).toMatchObject({ status: 200, json: { changed: false } });
    const { status, json } = await house.ask(`/api/v1/tasks/${taskId}`);
    expect({ status, task: json.status }).toEqual({ status: 200, task: 'done' });
    expect((await house.board.read()).task(taskId, Date.now())?.handOff).toMatchObject({
      summary: 'painted',
      artifacts: [{ name: 'out/hull.txt', sha256, bytes: bytes.length }],
    });
  });

  test.each([
    ['code 0', { exit: { code: 0 }, lastLine: 'all painted' }, 'done'],
    ['code 75', { exit: { code: 75 } }, 'scheduled'],
    ['another code', { exit: { code: 3 }, lastLine: 'it drips' }, 'scheduled'],
    ['a signal', { exit: { signal: 'SIGKILL' } }, 'scheduled'],
  ])('may leave its program to speak: %s', async (_what, body, status) => {
    const house = await openHouse();
    const { say, taskId } = await remoteRun(house);

    expect((await say('exit', body)).status).toBe(200);

    expect((await house.ask(`/api/v1/tasks/${taskId}`)).json.status).toBe(status);
  });

  test('whose definition says what its exit codes mean is taken by that word', async () => {
    const house = await openHouse(undefined, undefined, {
      gpu: { run: ['true'], onExit: { 0: 'block' } },
    });
    const { say, taskId } = await remoteRun(house);

    await say('exit', { exit: { code: 0 }, lastLine: 'which colour?' });

    expect((await house.ask(`/api/v1/tasks/${taskId}`)).json).toMatchObject({
      status: 'blocked',
      blockReason: 'which colour?',
    });
  });

  test('that was given up hears what ended its run, when and by whom, and is kept', async () => {
    const house = await openHouse();
    const { bearer, runId, say, taskId } = await remoteRun(house);
    const ada = house.board.as({ actor: { kind: 'human', id: 'ada' }, surface: 'cli' });
    await ada.reclaim(taskId, 'it took too long');

    const told = await say('heartbeat');
    const results = [
      await say('complete', { summary: 'painted' }),
      await say('block', { reason: 'why' }),
      await say('release'),
      await say('comment', { body: 'hello?' }),
      await say('usage', { inputTokens: 1 }),
      await say('exit', { exit: { code: 0 } }),
      await house.ask(`/api/v1/runs/${runId}/log?offset=0`, { bearer, body: Buffer.from('x') }),
      await house.ask(`/api/v1/runs/${runId}/artifact?name=x`, { bearer, body: Buffer.from('x') }),
    ];

    expect(told).toMatchObject({
      status: 409,
      json: {
        code: 'stale_run',
        facts: { outcome: 'reclaimed', endedBy: 'human ada', stop: true, runId, taskId },
      },
    });
    expect(Date.parse(told.json.facts.endedAt)).toBeLessThanOrEqual(Date.now());
    for (const { status, json } of results) {
      expect({ status, code: json.code }).toEqual({ status: 409, code: 'stale_run' });
    }
    const refused = await house.board.log.readStream(`refused-${taskId}`, { direction: 'forward' });
    expect(refused).toHaveLength(results.length + 1);
    expect(readdirSync(house.directory)).not.toContain('artifacts');
  });

  test('may act for its own run only', async () => {
    const house = await openHouse();
    const mine = await remoteRun(house);
    const other = await remoteRun(house);
    const { bearer } = mine;
    const ada = house.board.as({ actor: { kind: 'human', id: 'ada' }, surface: 'cli' });
    const withoutToken = await ada.claim(await makeTask(house));
    if (withoutToken.refused) throw new Error(withoutToken.message);

    for (const runId of [other.runId, withoutToken.runId]) {
      for (const what of ['heartbeat', 'complete', 'release', 'exit']) {
        const body = what === 'exit' ? { exit: { code: 0 } } : {};
        const answered = await house.ask(`/api/v1/runs/${runId}/${what}`, { bearer, body });
        const { status, json } = answered;
        expect({ status, code: json.code }).toEqual({ status: 403, code: 'token_invalid' });
      }
    }
    expect((await house.ask('/api/v1/board', { bearer })).status).toBe(403);
    expect((await other.say('heartbeat')).status).toBe(200);
  });

  test('that knows more than the log is told that the log was replaced', async () => {
    const house = await openHouse();
    const { say } = await remoteRun(house);

    expect(await say('heartbeat', { version: 7 })).toMatchObject({
      status: 409,
      json: { code: 'run_moved', facts: { version: 0, expected: 7 } },
    });
  });
});

describe('the output of a run elsewhere', () => {
  const logOf = (directory: string, runId: string, name = 'log') =>
    readFileSync(join(directory, 'runs', runId, name), 'utf8');

  test('is appended once, however often it is sent, and never with a gap', async () => {
    const house = await openHouse();
    const { bearer, runId } = await remoteRun(house);
    const send = (offset: number, text: string) =>
      house.ask(`/api/v1/runs/${runId}/log?offset=${offset}`, { bearer, body: Buffer.from(text) });

    const answers = [
      await send(0, 'first\n'),
      await send(0, 'first\n'),
      await send(3, 'st\nsecond\n'),
      await send(99, 'lost'),
    ];

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 409]);
    expect(answers.at(-1)?.json).toMatchObject({ code: 'offset_ahead', facts: { next: 13 } });
    expect(logOf(house.directory, runId)).toBe('first\nsecond\n');
  });

  test('still comes when its worker has said that it is done, and no file does', async () => {
    const house = await openHouse();
    const { runId, say } = await remoteRun(house);
    await say('log?offset=0', Buffer.from('one coat\n'));
    await say('complete', { summary: 'painted' });

    const late = await say('log?offset=9', Buffer.from('two coats\n'));
    const file = await say('artifact?name=hull.txt', Buffer.from('a hull'));

    expect(late).toMatchObject({ status: 200, json: { next: 19 } });
    expect(file).toMatchObject({ status: 409, json: { code: 'stale_run' } });
    expect(logOf(house.directory, runId)).toBe('one coat\ntwo coats\n');
  });

  test('does not come back when its task is gone for good', async () => {
    const house = await openHouse();
    const { runId, say, taskId } = await remoteRun(house);
    await say('complete', { summary: 'painted' });
    await house.board.as(ada).archive(taskId);
    await house.board.as(ada).tombstone(taskId);

    const late = await say('log?offset=0', Buffer.from('two coats\n'));

    expect(late).toMatchObject({ status: 409, json: { code: 'stale_run' } });
    expect(existsSync(join(house.directory, 'runs', runId))).toBe(false);
  });

  test('is kept up to its cap; what is oldest goes', async () => {
    const house = await openHouse();
    const { bearer, runId } = await remoteRun(house);
    const { logBytesMax } = house.board.policy();
    const piece = Buffer.alloc(1024 * 1024, 'x');
    const pieces = Math.ceil(logBytesMax / piece.length) + 3;

    for (let at = 0; at < pieces; at += 1) {
      const path = `/api/v1/runs/${runId}/log?offset=${at * piece.length}`;
      const { json } = await house.ask(path, { bearer, body: piece });
      expect(json.next).toBe((at + 1) * piece.length);
    }

    const kept = ['log', 'log.1'].map((name) => {
      try {
        return logOf(house.directory, runId, name).length;
      } catch {
        return 0;
      }
    });
    expect(Math.max(...kept)).toBeGreaterThan(0);
    expect(kept.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(
      logBytesMax + piece.length,
    );
  });

  test('never goes where a link in its place leads', async () => {
    const house = await openHouse();
    const { bearer, runId } = await remoteRun(house);
    const outside = join(house.directory, 'outside');
    writeFileSync(outside, 'as it was');
    const place = join(house.directory, 'runs', runId);
    mkdirSync(place, { recursive: true });
    symlinkSync(outside, join(place, 'log'));
    symlinkSync(outside, join(place, 'handed-in.jsonl'));
    const ask = (what: string) =>
      house.ask(`/api/v1/runs/${runId}/${what}`, { bearer, body: Buffer.from('mine') });

    const answers = [await ask('log?offset=0'), await ask('artifact?name=x')];

    expect(answers.map(({ status }) => status >= 400)).toEqual([true, true]);
    expect(readFileSync(outside, 'utf8')).toBe('as it was');
  });
});

test('a claim that names nobody takes what is assigned to nobody', async () => {
  const house = await openHouse();
  await remoteRun(house);

  expect((await claim(house, { assignee: null })).status).toBe(204);
});
