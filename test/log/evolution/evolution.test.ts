/** An event that changed its shape twice, and logs that were begun by older builds. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { rebuild, verify } from '../../../projections/rebuild.ts';
import { openProjections, type Projections } from '../../../projections/run.ts';
import type { BoardDomainEvent } from '../../../src/domain/catalogue.ts';
import type { Codec } from '../../../src/log/codec.ts';
import type { EventLog } from '../../../src/log/event-log.ts';
import { append, comment as commentOf, metaOf, onTask } from '../../kit/a-history.ts';
import { created, taskId } from '../../kit/a-task.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { realPorts } from '../real-ports.ts';
import { openLog } from '../sqlite/open-for-test.ts';
import { builds } from './three-builds.ts';

const [first, second, third] = builds;
const { timers } = realPorts;
const meta = metaOf(commentOf(''), 9);

/** What each build says of a comment. */
const says = {
  first: { text: 'Two coats.' },
  second: { text: 'Three coats.', author: 'ada' },
  third: { body: 'Four coats.', author: 'bo' },
};

/** Appends a comment as a build stores it. */
async function comment(log: EventLog, codec: Codec, data: object): Promise<void> {
  // Only the last build's shape is the one that the types of today know.
  const event = { type: 'CommentAdded', data } as BoardDomainEvent;
  const stored = codec.encode(`e-${JSON.stringify(data)}`, event, meta);
  const write = { stream: `note-${taskId}`, expected: 'any', events: [stored] } as const;
  expect(await log.append([write])).toMatchObject({ ok: true });
}

async function tables(log: EventLog, path: string, codec: Codec): Promise<Projections> {
  const projections = await openProjections({ log, path, timers, codec });
  onTestFinished(() => projections.close());
  return projections;
}

/** A log that the first build began and the second went on with, each with its own tables. */
async function anOldLog(): Promise<{ log: EventLog; path: string }> {
  const path = tempDir();
  const log = await openLog(path);
  await append(log, [onTask(created())]);
  await comment(log, first, says.first);
  await comment(log, second, says.second);
  return { log, path };
}

describe('every shape that was ever stored', () => {
  const folder = new URL('golden/', import.meta.url);
  const goldens = readdirSync(folder).map((file) =>
    JSON.parse(readFileSync(new URL(file, folder), 'utf8')),
  );

  test.each(goldens)('is read in the shape of today: version $schemaVersion', (golden) => {
    const { type, schemaVersion, stored, decoded } = golden;
    const place = { id: 'e-1', stream: `note-${taskId}`, version: 0, position: 1 };
    const texts = { data: JSON.stringify(stored), meta: JSON.stringify(meta) };
    const event = { ...place, ...texts, type, schemaVersion, recordedAtMs: 0 };
    expect(third.decode(event).data).toStrictEqual(decoded);
    expect(third.decodeUnchecked(event).data).toStrictEqual(decoded);
  });

  test('has its file', () => {
    expect(goldens.map(({ schemaVersion }) => schemaVersion)).toEqual([1, 2, 3]);
  });
});

describe('a log begun by older builds', () => {
  test('is opened by the new one, which folds every shape and goes on with its own', async () => {
    const { log, path } = await anOldLog();
    await comment(log, third, says.third);
    const projections = await tables(log, path, third);
    await projections.catchUp();

    const comments = projections.queries.comments(taskId);
    expect(comments.map(({ author, body }) => `${author}: ${body}`)).toEqual([
      'unknown: Two coats.',
      'ada: Three coats.',
      'bo: Four coats.',
    ]);
    await rebuild({ log, path, timers, codec: third });
    expect(await verify({ log, path, timers, codec: third })).toMatchObject({ differences: [] });
  });

  test('keeps its bytes: nothing is rewritten for the new shape', async () => {
    const { log, path } = await anOldLog();
    const before = await log.readAll();
    await (await tables(log, path, third)).catchUp();
    expect(await log.readAll()).toEqual(before);
  });
});

describe('a log that a newer build went on with', () => {
  test.each([
    ['a newer shape', 'CommentAdded v4', 'up to schema version 3'],
    ['an unknown type', 'HullScraped v1', 'does not know the type'],
  ])('stops the older one in front of %s, with all it has', async (_, event, found) => {
    const { log, path } = await anOldLog();
    const projections = await tables(log, path, third);
    await projections.catchUp();
    const [type = '', schemaVersion] = event.split(' v');
    const stored = { ...third.encode('e-9', commented, meta), type };
    const events = [{ ...stored, schemaVersion: Number(schemaVersion) }];
    await log.append([{ stream: `note-${taskId}`, expected: 'any', events }]);
    const before = projections.checkpoint();

    const stop = await projections.catchUp().catch((error) => error);

    expect(stop).toMatchObject({ code: 'unreadable_event', position: 4 });
    expect(stop.message).toContain(found);
    expect(stop.hint).toContain('written by a newer Logboard');
    expect(projections.checkpoint()).toEqual(before);
    expect(before.position).toBe(3);
    expect(projections.queries.comments(taskId)).toHaveLength(2);
  });

  const commented: BoardDomainEvent = { type: 'CommentAdded', data: says.third };
});
