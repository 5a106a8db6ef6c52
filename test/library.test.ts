/** The library's face: boards for programs, and runs for workers. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Caller } from '../src/app/plan.ts';
import { hashToken } from '../src/host/ids.ts';
import { attachRun, type Board, NotAWorker, openBoard } from '../src/index.ts';
import { programVersion } from '../src/main.ts';
import { tempDir } from './kit/temp-dir.ts';

const ada: Caller = { actor: { kind: 'human', id: 'ada' }, surface: 'sdk' };

async function open(dir: string): Promise<Board> {
  const board = await openBoard({ dir, policy: { failureLimit: 7 } });
  onTestFinished(() => board.close());
  return board;
}

test('the program and its package have one version', () => {
  const manifest = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  ) as { version: string };

  expect(programVersion).toBe(manifest.version);
});

describe('openBoard', () => {
  test('opens a board, with what differs from the default policy', async () => {
    const board = await open(join(tempDir(), 'board'));

    const answer = await board.as(ada).create({ title: 'Paint' });

    expect(answer.refused).toBe(false);
    expect((await board.read()).countTasks({}, board.nowMs())).toBe(1);
    expect(board.policy()).toMatchObject({ failureLimit: 7, maxRunning: 3 });
  });

  test('makes none where it is told not to', async () => {
    const dir = join(tempDir(), 'board');

    await expect(openBoard({ dir, create: false })).rejects.toMatchObject({ code: 'no_log' });
  });
});

describe('attachRun', () => {
  afterEach(() => vi.unstubAllEnvs());

  async function hire(token = 'secret') {
    const dir = join(tempDir(), 'board');
    const board = await open(dir);
    const { taskId } = (await board.as(ada).create({ title: 'Paint' })) as { taskId: string };
    const claim = await board.as(ada).claim(taskId, { tokenHash: hashToken('secret') });
    if (claim.refused) throw new Error(claim.message);
    const tokenFile = join(dir, 'token');
    writeFileSync(tokenFile, token);
    vi.stubEnv('LOGBOARD_BOARD', dir);
    vi.stubEnv('LOGBOARD_RUN', claim.runId);
    vi.stubEnv('LOGBOARD_TASK', taskId);
    vi.stubEnv('LOGBOARD_RUN_TOKEN_FILE', tokenFile);
    return { board, taskId, runId: claim.runId };
  }

  test('gives a worker its run, and nothing else', async () => {
    const { board, taskId, runId } = await hire();

    const run = await attachRun();
    await run.heartbeat({ progress: 0.5 });
    const answer = await run.complete({ summary: 'two coats' });
    await run.close();

    expect(run).toMatchObject({ taskId, runId, attempt: 1 });
    expect(answer.refused).toBe(false);
    expect((await board.read()).task(taskId, board.nowMs())).toMatchObject({
      status: 'done',
      handOff: { summary: 'two coats' },
    });
  });

  test('turns away who holds another token', async () => {
    await hire('guess');

    await expect(attachRun()).rejects.toThrow(NotAWorker);
  });

  test('turns away whose run is over', async () => {
    const { board, taskId } = await hire();
    await board.as(ada).reclaim(taskId, 'asleep');

    await expect(attachRun()).rejects.toThrow(/over/);
  });

  const names = ['LOGBOARD_BOARD', 'LOGBOARD_RUN', 'LOGBOARD_TASK', 'LOGBOARD_RUN_TOKEN_FILE'];
  const values = [undefined, '', 'nonsense', '/nowhere/at/all'];
  test.each(names.flatMap((name) => values.map((value) => [name, value] as const)))(
    'turns away who was given %s as %j',
    async (name, value) => {
      const { board, taskId } = await hire();
      vi.stubEnv(name, value);

      await expect(attachRun()).rejects.toThrow(NotAWorker);
      expect((await board.read()).task(taskId, board.nowMs())?.status).toBe('running');
    },
  );

  test('says why in one line for the log, and in facts for programs', async () => {
    const { board, taskId, runId } = await hire();
    await board.as(ada).reclaim(taskId, 'asleep');

    const error = await attachRun().catch((fault: unknown) => fault);

    expect(error).toMatchObject({
      code: 'not_a_worker',
      message: 'logboard guard: not mine: This run is over: reclaimed: asleep (by ada).',
      hint: expect.stringContaining('exit code 0'),
      facts: { because: 'stale_run', runId, taskId },
    });
  });

  test('lets a run ask its guard again', async () => {
    const { board, taskId } = await hire();
    const run = await attachRun();

    expect((await run.guard()).refused).toBe(false);
    await board.as(ada).reclaim(taskId, 'asleep');
    expect(await run.guard()).toMatchObject({ refused: true, code: 'stale_run' });
    await run.close();
  });
});
