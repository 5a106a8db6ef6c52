/**
 * Golden logs: whole logs as earlier builds wrote them, byte for byte.
 *
 * The folder is add-only. A release adds the log of a simulated fleet, one that was thinned and
 * archived, and what their tasks had come to by then; every later build must open them, believe
 * them, make their tables and go on with them.
 */
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { verify } from '../../projections/rebuild.ts';
import { openProjections } from '../../projections/run.ts';
import { checkInvariants } from '../../src/app/verify.ts';
import { codec } from '../../src/log/codec.ts';
import { append, onTask } from '../kit/a-history.ts';
import { created } from '../kit/a-task.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { realPorts } from './real-ports.ts';
import { openLog } from './sqlite/open-for-test.ts';

const folder = fileURLToPath(new URL('golden-logs/', import.meta.url));
const releases = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length));

/** The log of a release, in a directory of its own. */
async function goldenLog(release: string) {
  const path = tempDir();
  cpSync(join(folder, release), path, { recursive: true });
  return { path, log: await openLog(path) };
}

describe.each(releases)('a log written by %s', (release) => {
  const known = JSON.parse(readFileSync(join(folder, `${release}.json`), 'utf8'));

  test('holds what it held: every hash, every promise', async () => {
    const { log } = await goldenLog(release);
    expect(await log.verifyChain()).toMatchObject({ problem: undefined });
    expect(await log.head()).toEqual({ position: known.position, hash: known.hash });
    expect(await checkInvariants({ log, codec })).toEqual([]);
  });

  test('makes the tables of today, and its tasks are what they were', async () => {
    const { log, path } = await goldenLog(release);
    const projections = await openProjections({ log, path, timers: realPorts.timers });
    onTestFinished(() => projections.close());
    const tasks = projections.queries.tasks({}, {}, known.atMs);
    const statuses = Object.fromEntries(tasks.map(({ taskId, status }) => [taskId, status]));
    expect(statuses).toEqual(known.statuses);
    const { differences } = await verify({ log, path, timers: realPorts.timers });
    expect(differences).toEqual([]);
  });

  test('is gone on with', async () => {
    const { log } = await goldenLog(release);
    expect(await append(log, [onTask(created())])).toBe(known.position + 1);
    expect(await log.verifyChain()).toMatchObject({ problem: undefined });
  });
});
