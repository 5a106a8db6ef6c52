/** A run's output: capped while it is written, read from its end, followed. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock, systemTimers } from '../../src/host/clock.ts';
import { followRunLog, type LogPiece, readLogTail } from '../../src/host/run-log.ts';
import { capRunLog, type RunLogFiles, rotateRunLog } from '../../src/host/run-log-cap.ts';
import type { Timers } from '../../src/log/ports.ts';
import { eventually } from '../kit/eventually.ts';
import { withFilesUpTo } from '../kit/file-size-limit.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { child, spawned } from './a-worker.ts';

function logFiles(contents: { log?: string; olderLog?: string } = {}): RunLogFiles {
  const place = tempDir();
  const files = { log: join(place, 'log'), olderLog: join(place, 'log.1') };
  if (contents.log !== undefined) {
    writeFileSync(files.log, contents.log);
  }
  if (contents.olderLog !== undefined) {
    writeFileSync(files.olderLog, contents.olderLog);
  }
  return files;
}

const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

function capped(files: RunLogFiles, bytesMax: number, onError = (_: unknown) => {}) {
  return capRunLog(files, { clock: systemClock, timers: systemTimers, bytesMax, onError });
}

describe('the cap', () => {
  it('holds when a worker prints a gigabyte, and keeps the newest output', async () => {
    const bytesMax = 1024 * 1024;
    const { worker, run } = await spawned([child('floods-stdout.sh'), String(1024 ** 3)]);
    const stop = capped(run, bytesMax);
    worker.go();
    expect(await worker.exited).toEqual({ code: 0 });
    await stop();
    expect(sizeOf(run.log) + sizeOf(run.olderLog)).toBeLessThanOrEqual(bytesMax + 256 * 1024);
    expect((await readLogTail(run, { bytesMax: 100 })).text).toMatch(/^a line of forty characters/);
  });

  it('lets the worker append where the log was cut', async () => {
    const files = logFiles({ log: 'old\n'.repeat(10) });
    await rotateRunLog(files, 20);
    appendFileSync(files.log, 'new\n');
    expect(readFileSync(files.log, 'utf8')).toBe('new\n');
    expect(readFileSync(files.olderLog, 'utf8')).toBe('old\n'.repeat(5));
  });

  it('takes nothing from a log that it has no space to copy', async () => {
    const files = logFiles({ log: 'x'.repeat(100) });
    await withFilesUpTo(30, async () => {
      await expect(rotateRunLog(files, 50)).rejects.toThrow('EFBIG');
    });
    expect(sizeOf(files.log)).toBe(100);
  });

  it('leaves a short log alone', async () => {
    const files = logFiles({ log: 'short' });
    await rotateRunLog(files, 5);
    expect(readFileSync(files.log, 'utf8')).toBe('short');
    expect(existsSync(files.olderLog)).toBe(false);
  });

  it('has a last look when the run has ended', async () => {
    const files = logFiles();
    const stop = capped(files, 20);
    writeFileSync(files.log, 'x'.repeat(100));
    await stop();
    expect(sizeOf(files.log)).toBe(0);
    expect(sizeOf(files.olderLog)).toBe(10);
  });

  it('reports trouble and goes on', async () => {
    const troubles: unknown[] = [];
    const files = { ...logFiles({ log: 'x'.repeat(100) }), olderLog: '/no/such/place' };
    await capped(files, 20, (error) => troubles.push(error))();
    expect(troubles).toEqual([expect.objectContaining({ code: 'ENOENT' })]);
  });

  it('reports lasting trouble once until it has passed, and looks seldom', async () => {
    const pausesMs: number[] = [];
    const timers: Timers = {
      ...systemTimers,
      after(ms, fn, hold) {
        pausesMs.push(ms);
        return systemTimers.after(1, fn, hold);
      },
    };
    const troubles: unknown[] = [];
    const { log } = logFiles({ log: 'x'.repeat(100) });
    const older = join(tempDir(), 'older');
    const files = { log, olderLog: join(older, 'log.1') };
    const onError = (error: unknown) => troubles.push(error);
    const stop = capRunLog(files, { clock: systemClock, timers, bytesMax: 20, onError });

    await eventually('it was tried again', () => pausesMs.length > 4);
    expect(pausesMs.slice(1).every((ms) => ms === 500)).toBe(true);
    expect(troubles).toHaveLength(1);
    mkdirSync(older);
    await eventually('it has passed', () => sizeOf(log) === 0);
    rmSync(older, { recursive: true });
    writeFileSync(log, 'x'.repeat(100));
    await eventually('it is there again', () => troubles.length > 1);
    await stop();

    expect(troubles).toHaveLength(2);
  });
});

describe('the tail', () => {
  it('of a run that printed nothing is empty', async () => {
    expect(await readLogTail(logFiles(), { bytesMax: 100 })).toEqual({
      ...{ text: '', cut: false, end: 0 },
    });
  });

  it('is all of a short log', async () => {
    const files = logFiles({ log: 'one\ntwo\n' });
    expect(await readLogTail(files, { bytesMax: 100 })).toEqual({
      ...{ text: 'one\ntwo\n', cut: false, end: 8 },
    });
  });

  it('reaches back into the older file, from the beginning of a line', async () => {
    const files = logFiles({ olderLog: 'ne\ntwo\nthree', log: ' and\nfour' });
    expect(await readLogTail(files, { bytesMax: 100 })).toEqual({
      text: 'two\nthree and\nfour',
      cut: true,
      end: 9,
    });
  });

  it('has as many bytes and lines as asked for', async () => {
    const files = logFiles({ log: 'one\ntwo\nthree\n' });
    expect(await readLogTail(files, { bytesMax: 11 })).toEqual({
      ...{ text: 'two\nthree\n', cut: true, end: 14 },
    });
    expect(await readLogTail(files, { bytesMax: 100, linesMax: 1 })).toEqual({
      text: 'three\n',
      cut: true,
      end: 14,
    });
  });

  it('of one endless line begins with a whole character', async () => {
    const files = logFiles({ log: 'ü'.repeat(50) });
    expect(await readLogTail(files, { bytesMax: 5 })).toEqual({ text: 'üü', cut: true, end: 100 });
  });
});

describe('following', () => {
  /** Reads pieces one by one; the log changes only between two of them. */
  function follow(files: RunLogFiles, from = 0) {
    const aborter = new AbortController();
    onTestFinished(() => aborter.abort());
    const { signal } = aborter;
    const pieces = followRunLog(files, { timers: systemTimers, signal, everyMs: 1, from });
    const next = async (): Promise<LogPiece> => {
      const { value, done } = await pieces.next();
      if (done) {
        throw new Error('the end');
      }
      return value;
    };
    return { next, pieces, aborter };
  }

  it('waits for output, even for the file', async () => {
    const files = logFiles();
    const { next } = follow(files);
    const first = next();
    appendFileSync(files.log, 'one\n');
    expect(await first).toEqual({ text: 'one\n', afterGap: false });
    appendFileSync(files.log, 'two\n');
    expect(await next()).toEqual({ text: 'two\n', afterGap: false });
  });

  it('goes on where a tail ended, and misses nothing that came in between', async () => {
    const files = logFiles({ log: 'past\n' });
    const { text, end } = await readLogTail(files, { bytesMax: 100 });
    appendFileSync(files.log, 'new\n');
    const { next } = follow(files, end);
    expect(text).toBe('past\n');
    expect(await next()).toEqual({ text: 'new\n', afterGap: false });
  });

  it('keeps characters whole that arrive in halves', async () => {
    const files = logFiles();
    const [head, rest] = [Buffer.from('ü').subarray(0, 1), Buffer.from('ü').subarray(1)];
    const { next } = follow(files);
    writeFileSync(files.log, Buffer.concat([Buffer.from('a'), head]));
    expect((await next()).text).toBe('a');
    appendFileSync(files.log, rest);
    expect((await next()).text).toBe('ü');
  });

  it('says where output is missing after a rotation', async () => {
    const files = logFiles({ log: 'a long line\n' });
    const { next } = follow(files);
    await next();
    truncateSync(files.log, 0);
    appendFileSync(files.log, 'new\n');
    const piece = await next();
    expect(piece.afterGap).toBe(true);
    expect(piece.text || (await next()).text).toBe('new\n');
  });

  it('ends when nobody wants more', async () => {
    const { pieces, aborter } = follow(logFiles());
    const end = pieces.next();
    aborter.abort();
    expect(await end).toEqual({ value: undefined, done: true });
  });
});
