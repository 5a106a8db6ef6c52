/** Several processes that keep the same tables up with one log. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { BrokenInvariant, Checkpoint } from '../../projections/index.ts';
import { rebuild, verify } from '../../projections/rebuild.ts';
import { openProjections } from '../../projections/run.ts';
import type { EventLog } from '../../src/log/event-log.ts';
import { openSqliteLog } from '../../src/log/sqlite/sqlite-log.ts';
import { append, type Line, onRun, onTask } from '../kit/a-history.ts';
import { beat, opened } from '../kit/a-run.ts';
import { blocked, claimed, created, runId } from '../kit/a-task.ts';
import { bundleChild } from '../kit/child.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { realPorts } from '../log/real-ports.ts';
import { kill, message } from '../log/run-child.ts';

interface Report {
  readonly checkpoint: Checkpoint;
  readonly broken: readonly BrokenInvariant[];
}

const entry = fileURLToPath(new URL('./children/catch-up.ts', import.meta.url));

/** Starts a process that catches up until it has seen so many events; answers its report. */
async function startReader(directory: string, events: number): Promise<Promise<Report>> {
  const child = fork(await bundleChild(entry), [directory, String(events)]);
  onTestFinished(() => kill(child));
  return message<Report>(child);
}

/** A family of three: a child that waits for two parents, one of which is blocked for a while. */
function family(n: number): readonly Line[] {
  const id = (member: string) => `T-${member}${String(n).padStart(9, '0')}`;
  const [first, second, child] = [id('A'), id('B'), id('C')];
  return [
    onTask(created(), first),
    onTask(created(), second),
    onTask(created({ parents: [first, second] }), child),
    onTask(blocked, first),
    onTask({ type: 'TaskCompleted', data: {} }, second),
    onTask({ type: 'TaskCompleted', data: {} }, first),
  ];
}

/** Each step of all families before the next: every process meets rows that others have changed. */
const families = Array.from({ length: 60 }, (_, n) => family(n));
const history = [0, 1, 2, 3, 4, 5].flatMap((step) => families.map((lines) => lines[step]!));
const early = history.slice(0, 60);

async function aLog(directory: string): Promise<EventLog> {
  const log = await openSqliteLog(directory, realPorts);
  onTestFinished(() => log.close());
  return log;
}

/** Three processes reach the end of the history, and agree with the log about it. */
async function expectAgreement(
  directory: string,
  log: EventLog,
  readers: readonly Promise<Promise<Report>>[],
): Promise<void> {
  const reports = await Promise.all(readers.map(async (reader) => await await reader));
  const { hash } = await log.head();
  const checkpoint = { position: history.length, epoch: log.epoch, hash };
  expect(reports).toEqual(reports.map(() => ({ checkpoint, broken: [] })));
  const { timers } = realPorts;
  expect(await verify({ log, timers, path: directory })).toEqual({
    ...{ position: history.length, objection: null, differences: [] },
  });
}

test('build the tables once between them, and go on together', async () => {
  const directory = tempDir();
  const log = await aLog(directory);
  await append(log, early);
  const readers = [1, 2, 3].map(() => startReader(directory, history.length));
  await append(log, history.slice(early.length));
  await expectAgreement(directory, log, readers);
});

test('fold every event once between them, whoever comes first', async () => {
  const directory = tempDir();
  const log = await aLog(directory);
  await append(log, early);
  await rebuild({ log, timers: realPorts.timers, path: directory });
  await append(log, history.slice(early.length));
  const readers = [1, 2, 3].map(() => startReader(directory, history.length));
  await expectAgreement(directory, log, readers);
});

test('take an open run and its task as the last who folded has left them', async () => {
  const directory = tempDir();
  const log = await aLog(directory);
  const { timers } = realPorts;
  const [one, other] = [
    await openProjections({ log, timers, path: directory }),
    await openProjections({ log, timers, path: directory }),
  ];
  onTestFinished(() => {
    one.close();
    other.close();
  });
  const turns: readonly Line[] = [
    onTask(created()),
    onTask(claimed()),
    onRun(opened()),
    ...Array.from({ length: 4 }, () => onRun(beat())),
  ];
  for (const [turn, line] of turns.entries()) {
    await append(log, [line]);
    await (turn % 3 === 0 ? other : one).catchUp();
  }
  expect(one.queries.run(runId)?.beats.count).toBe(4);
  expect((await verify({ log, timers, path: directory })).differences).toEqual([]);
});
