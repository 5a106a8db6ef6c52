/**
 * A log read from an incident file keeps what of the contract is about reading. What is appended
 * goes to an embedded log, and everything is read from a file saved of it.
 */
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import type { EventLog, StreamWrite } from '../../../src/log/event-log.ts';
import { createIncidentLog } from '../../../src/log/incident/incident-log.ts';
import { openIncidentFile } from '../../../src/log/incident/read.ts';
import { openSqliteLog } from '../../../src/log/sqlite/sqlite-log.ts';
import { yard } from '../../cli/past.ts';
import { writeBeatingRuns } from '../../kit/beating-log.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { anEvent, appended, everything, write } from '../an-event.ts';
import { describeEventLog } from '../event-log.contract.ts';
import { realPorts } from '../real-ports.ts';
import { fileOf } from './a-file.ts';

const opened: EventLog[] = [];
afterEach(async () => {
  for (const log of opened.splice(0)) await log.close();
});

async function sqliteLog(directory: string): Promise<EventLog> {
  const log = await openSqliteLog(directory, realPorts);
  opened.push(log);
  return log;
}

/** The log as a file that was saved when somebody asked, and not again until it grew. */
function readThroughFiles(log: EventLog): EventLog {
  let saved: { readonly position: number; readonly log: EventLog } | undefined;

  async function file(): Promise<EventLog> {
    const { position } = await log.head();
    if (saved?.position !== position) {
      saved = { position, log: createIncidentLog(openIncidentFile(await fileOf(log))) };
      opened.push(saved.log);
    }
    return saved.log;
  }

  return {
    ...writesOf(log),
    readAll: async (options) => (await file()).readAll(options),
    readStream: async (stream, options) => (await file()).readStream(stream, options),
    head: async () => (await file()).head(),
    hashAt: async (position) => (await file()).hashAt(position),
    hashBefore: async (position) => (await file()).hashBefore(position),
  };
}

describeEventLog('incident file', async () => {
  const directory = tempDir();
  const open = async () => readThroughFiles(await sqliteLog(directory));
  return {
    open,
    secondHandle: open,
    async reopen() {
      for (const log of opened.splice(0)) await log.close();
      return open();
    },
  };
});

describe('a log in a file', () => {
  async function aLogInAFile(): Promise<EventLog> {
    const log = await sqliteLog(tempDir());
    for (let n = 0; n < 5; n += 1) {
      await appended(log, write('task-1', n - 1), write(`task-${n + 2}`, 'no_stream'));
    }
    const path = await fileOf(onlyStream(log, 'task-1'));
    const inFile = createIncidentLog(openIncidentFile(path));
    onTestFinished(() => inFile.close());
    return inFile;
  }

  it('keeps the positions of the board, with gaps, and reads on across them', async () => {
    const log = await aLogInAFile();
    const positions = (await everything(log, 2)).map(({ position }) => position);
    expect(positions).toEqual([1, 3, 5, 7, 9]);
    expect((await log.readAll({ after: 4, limit: 1 })).map((e) => e.position)).toEqual([5]);
    const back = await log.readAll({ after: 7, direction: 'backward', limit: 2 });
    expect(back.map(({ position }) => position)).toEqual([5, 3]);
    expect(await log.hashAt(4)).toBeUndefined();
    expect(await log.head()).toEqual({ position: 9, hash: await log.hashAt(9) });
  });

  it('knows which beats were thinned out', async () => {
    const cli = await yard();
    const log = await sqliteLog(join(cli.directory, '.logboard'));
    await writeBeatingRuns(log, { runs: 2, beats: 100, batch: 'B' });
    const { thinned } = await cli.json(['gc', '--older-than', '1d']);
    expect(thinned.beats).toBeGreaterThan(190);
    const inFile = createIncidentLog(openIncidentFile(await fileOf(log)));
    onTestFinished(() => inFile.close());

    expect(await everything(inFile)).toEqual(await everything(log));
    const stream = (await everything(log)).find(({ type }) => type === 'RunCompleted')!.stream;
    for (const options of [{}, { from: 50 }, { from: 50, direction: 'backward' }] as const) {
      const read = await inFile.readStream(stream, options);
      expect(read).toEqual(await log.readStream(stream, options));
      expect(read.length).toBeGreaterThan(0);
    }
  });

  it('takes no packed beats for a secret, however they look', async () => {
    const log = await sqliteLog(tempDir());
    const data = JSON.stringify({ beats: `AKIA${'Q'.repeat(16)}` });
    const events = ['LogThinned', 'CommentAdded'].map((type) => anEvent({ type, data }));
    await appended(log, { stream: 'board', expected: 'no_stream', events });
    const inFile = createIncidentLog(openIncidentFile(await fileOf(log)));
    onTestFinished(() => inFile.close());

    const texts = (await everything(inFile)).map((event) => event.data);
    expect(texts).toEqual([data, '{"beats":"***"}']);
  });

  it('takes no appends', async () => {
    const log = await aLogInAFile();
    const taken = log.append([write('task-1', 'any')]);
    await expect(taken).rejects.toMatchObject({ code: 'past_is_read_only' });
    expect(log.writingRefused()).toMatchObject({ code: 'past_is_read_only' });
  });
});

/** Nothing but one stream, so that a file of it has gaps. */
function onlyStream(log: EventLog, stream: string): EventLog {
  return {
    ...writesOf(log),
    readAll: async (options) => (await log.readAll(options)).filter((e) => e.stream === stream),
    readStream: (name, options) => log.readStream(name, options),
    head: () => log.head(),
    hashAt: (position) => log.hashAt(position),
    hashBefore: (position) => log.hashBefore(position),
  };
}

function writesOf(log: EventLog) {
  return {
    epoch: log.epoch,
    atomic: log.atomic,
    append: (writes: readonly StreamWrite[]) => log.append(writes),
    writingRefused: () => log.writingRefused(),
    onHint: (listener: () => void) => log.onHint(listener),
    close: () => log.close(),
  };
}
