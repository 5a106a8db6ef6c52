/** Several readers of one past, readers that are killed, and files that were tampered with. */
import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type EventLog, readLimitMax } from '../../../src/log/event-log.ts';
import { openSqliteLog } from '../../../src/log/sqlite/sqlite-log.ts';
import { bundleChild } from '../../kit/child.ts';
import { eventually } from '../../kit/eventually.ts';
import { longLog } from '../../kit/long-log.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { realPorts } from '../../log/real-ports.ts';
import { kill, message } from '../../log/run-child.ts';
import { digestAt, digestOf, lookAt } from './looking.ts';

const entry = fileURLToPath(new URL('./children/look.ts', import.meta.url));
const events = 6_000;

const told = longLog(events);

/** A log on disk with the events of simulated stories. */
async function aLog(): Promise<{ directory: string; log: EventLog }> {
  const directory = tempDir();
  const log = await openSqliteLog(directory, realPorts);
  onTestFinished(() => log.close());
  const stored = await (await told).readAll({ limit: readLimitMax });
  await Promise.all(
    stored.map(({ stream, id, type, schemaVersion, data, meta }) =>
      log.append([{ stream, expected: 'any', events: [{ id, type, schemaVersion, data, meta }] }]),
    ),
  );
  return { directory, log };
}

/** What a look in this process sees. */
async function seen(directory: string, log: EventLog, position: number): Promise<string> {
  const draft = await lookAt(directory, log, position);
  const digest = digestOf(draft.db);
  draft.close();
  return digest;
}

function filesIn(directory: string, kind: 'keyframe' | 'steps'): readonly string[] {
  const history = join(directory, 'history');
  const names = readdirSync(history).filter((name) => name.startsWith(kind));
  return names.filter((name) => name.endsWith('.db')).map((name) => join(history, name));
}

function exchange(paths: readonly string[]): void {
  const [first = '', ...others] = [...paths].sort();
  for (const path of others) copyFileSync(first, path);
}

const bytesOf = (paths: readonly string[]) =>
  paths.map((path) => createHash('sha256').update(readFileSync(path)).digest('hex'));

async function startLooking(directory: string, position: number) {
  const child = fork(await bundleChild(entry), [directory, String(position)]);
  onTestFinished(() => kill(child));
  return child;
}

describe('two processes', () => {
  test('that look at the same keyframe at once both see what was so', async () => {
    const { directory, log } = await aLog();
    await seen(directory, log, 5_500);
    const positions = [5_432, 5_432, 5_499];
    const children: ChildProcess[] = [];
    for (const position of positions) {
      const child = await startLooking(directory, position);
      // The one before still has the keyframe open.
      const { digest } = await message<{ digest: string }>(child);
      expect(digest).toBe(await digestAt(log, position));
      children.push(child);
    }
    expect(await seen(directory, log, 5_555)).toBe(await digestAt(log, 5_555));
    for (const child of children) child.send('enough');
  });

  test('that write down the same past at once both see what was so', async () => {
    const { directory, log } = await aLog();
    const children = await Promise.all([1, 2].map(() => startLooking(directory, events)));
    const answers = await Promise.all(children.map((child) => message<{ digest: string }>(child)));
    const digest = await digestAt(log, events);
    expect(answers).toEqual([{ digest }, { digest }]);
    expect(await seen(directory, log, 4_321)).toBe(await digestAt(log, 4_321));
  });
});

describe('a reader that is killed', () => {
  test('while it looks leaves the keyframe as it was', async () => {
    const { directory, log } = await aLog();
    await seen(directory, log, 5_500);
    const before = bytesOf(filesIn(directory, 'keyframe'));
    const child = await startLooking(directory, 5_550);
    await message(child);
    await kill(child);
    expect(bytesOf(filesIn(directory, 'keyframe'))).toEqual(before);
    expect(await seen(directory, log, 5_550)).toBe(await digestAt(log, 5_550));
  });

  test('while it writes down the past leaves nothing that is wrong', async () => {
    const { directory, log } = await aLog();
    const child = await startLooking(directory, events);
    await eventually('the second keyframe', () => filesIn(directory, 'keyframe').length > 1);
    await kill(child);
    for (const path of filesIn(directory, 'keyframe')) {
      const db = new Database(path, { readonly: true });
      expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
      db.close();
    }
    for (const position of [999, 1_001, 2_750, 4_444, events]) {
      expect(await seen(directory, log, position)).toBe(await digestAt(log, position));
    }
  });
});

describe('a past is seen as it was although', () => {
  const damages: Readonly<Record<string, (directory: string) => void>> = {
    'all keyframes were cut short': (directory) => {
      for (const path of filesIn(directory, 'keyframe')) truncateSync(path, 20_000);
    },
    'all files hold something else': (directory) => {
      for (const kind of ['keyframe', 'steps'] as const) {
        for (const path of filesIn(directory, kind)) writeFileSync(path, 'no database at all');
      }
    },
    'the steps are gone': (directory) => {
      for (const path of filesIn(directory, 'steps')) rmSync(path);
    },
    'everything is gone': (directory) => {
      rmSync(join(directory, 'history'), { recursive: true });
    },
    'keyframes have the names of others': (directory) => exchange(filesIn(directory, 'keyframe')),
    'steps have the names of others': (directory) => exchange(filesIn(directory, 'steps')),
  };

  test.each(Object.keys(damages))('%s', async (name) => {
    const { directory, log } = await aLog();
    await seen(directory, log, events);
    damages[name]!(directory);
    for (const position of [5_999, 1_500, 3_050]) {
      expect(await seen(directory, log, position)).toBe(await digestAt(log, position));
    }
  });

  test('the history is that of another log', async () => {
    const [one, other] = [await aLog(), await aLog()];
    await seen(one.directory, one.log, events);
    const past = await lookAt(one.directory, other.log, 5_000);
    expect(digestOf(past.db)).toBe(await digestAt(other.log, 5_000));
    expect(past.checkpoint().epoch).toBe(other.log.epoch);
    past.close();
  });
});

test('files of other shapes are left alone', async () => {
  const { directory, log } = await aLog();
  await seen(directory, log, 2_500);
  const foreign = join(directory, 'history', 'keyframe-0123456789ab-2000.1.db');
  writeFileSync(foreign, 'of another program');
  expect(await seen(directory, log, 2_600)).toBe(await digestAt(log, 2_600));
  expect(readFileSync(foreign, 'utf8')).toBe('of another program');
});
