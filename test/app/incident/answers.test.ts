/**
 * What is asked of an incident file is answered like on its board: over the logs of simulations, in
 * which runs are reclaimed and fail, writes are refused and people step in, at any moment.
 */
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openProjections } from '../../../projections/run.ts';
import { diagnoseTasks } from '../../../src/app/diagnose.ts';
import { chooseAround, tasksTouched } from '../../../src/app/incident/choose.ts';
import { openIncident } from '../../../src/app/incident/incident-board.ts';
import { incidentLines } from '../../../src/app/incident/save.ts';
import { createPastBoard } from '../../../src/app/past-board.ts';
import { findOutage } from '../../../src/domain/outage.ts';
import { defaultPolicy as policy } from '../../../src/domain/policy.ts';
import { cutLog } from '../../../src/log/cut.ts';
import type { EventLog, LogReader } from '../../../src/log/event-log.ts';
import { writeIncidentFile } from '../../../src/log/incident/write.ts';
import { nearest } from '../../../src/nearest.ts';
import { simulatedLog } from '../../kit/simulated-log.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { everything } from '../../log/an-event.ts';
import { realPorts } from '../../log/real-ports.ts';

type AnyBoard = ReturnType<typeof createPastBoard>;

const { timers } = realPorts;

let logs: readonly LogReader[];
beforeAll(async () => {
  const seeds = [3, 21, 34];
  logs = await Promise.all(seeds.map((seed) => simulatedLog({ seed, sizes: { tasks: 30 } })));
}, 120_000);

/** The board as it was when the event at a position had just been stored. */
async function boardAt(whole: LogReader, position: number): Promise<AnyBoard> {
  const log = cutLog(whole as EventLog, position);
  const projections = await openProjections({ log, timers, path: ':memory:' });
  const [last] = await log.readAll({ direction: 'backward', limit: 1 });
  const place = { position, atMs: last!.recordedAtMs };
  const board = createPastBoard({ log, projections, place, policy: () => policy });
  onTestFinished(() => board.close());
  return board;
}

/** The same in an incident file around these tasks. */
async function inAFile(board: AnyBoard, taskIds: readonly string[]) {
  const from = { log: board.log, queries: await board.read(), nowMs: board.nowMs() };
  const choice = await chooseAround(from, taskIds);
  const lines = incidentLines({
    ...{ board, choice, around: taskIds, window: null, policy },
    ...{ savedAtMs: board.nowMs(), program: '0.1.0' },
    readOutput: async () => ({ text: '', cut: false }),
    onProgress: () => {},
    withText: true,
    onEncrypted: () => {},
  });
  const path = `${tempDir()}/incident.jsonl`;
  await writeIncidentFile(path, lines, { force: false });
  const incident = await openIncident(path, timers);
  onTestFinished(() => incident.board.close());
  return incident;
}

/** Everything that is asked about a task. */
async function answersAbout(board: AnyBoard, taskId: string) {
  const queries = await board.read();
  const nowMs = board.nowMs();
  const task = queries.task(taskId, nowMs);
  const { findings } = diagnoseTasks(queries, {
    ...{ nowMs, policy, workers: null, nearest },
    taskIds: [taskId],
  });
  const assignee = task?.assignee ?? null;
  return {
    task,
    parents: queries.parents(taskId, nowMs).map(({ taskId: id, status }) => ({ id, status })),
    children: queries.children(taskId, nowMs).map(({ taskId: id, status }) => ({ id, status })),
    runs: queries.runs(taskId),
    timeline: queries.timeline({ taskId, limit: 10_000 }),
    comments: queries.comments(taskId),
    refused: queries.refused({ taskId }),
    trouble: queries.trouble(taskId),
    outage: assignee === null ? null : findOutage(queries.codedEndings(assignee), policy),
    context: await board.context(taskId),
    findings,
  };
}

/** Every so many positions of a log, and its end. */
async function moments(log: LogReader, step: number): Promise<readonly number[]> {
  const { position } = await log.head();
  const some = Array.from({ length: Math.floor(position / step) }, (_, n) => (n + 1) * step - 3);
  return [...some, position];
}

describe('a file around one task', () => {
  it.each([0, 1, 2])(
    'answers everything about it as its board does: log %i',
    async (which) => {
      const log = logs[which]!;
      for (const position of await moments(log, 211)) {
        const board = await boardAt(log, position);
        const tasks = (await board.read()).tasks({ includeArchived: true }, {}, board.nowMs());
        for (const { taskId } of tasks.filter((_, index) => index % 5 === position % 5)) {
          const incident = await inAFile(board, [taskId]);
          const there = await answersAbout(incident.board, taskId);
          expect(there, `${taskId} at ${position}`).toEqual(await answersAbout(board, taskId));
        }
      }
    },
    60_000,
  );

  it('has the right status of every task that is in it', async () => {
    for (const log of logs) {
      const board = await boardAt(log, (await log.head()).position);
      const queries = await board.read();
      const [first, ...others] = queries.tasks({}, {}, board.nowMs());
      const parent = others.find((task) => task.childrenTotal > 0) ?? first!;
      const incident = await inAFile(board, [parent.taskId]);
      const inFile = await incident.board.read();
      for (const task of inFile.tasks({ includeArchived: true }, {}, board.nowMs())) {
        const { status, openParents } = queries.task(task.taskId, board.nowMs())!;
        expect({ id: task.taskId, status: task.status, openParents: task.openParents }).toEqual({
          id: task.taskId,
          ...{ status, openParents },
        });
      }
    }
  });
});

describe('a file of a window', () => {
  it('is about the tasks to which something happened, and no others', async () => {
    const log = logs[0]!;
    const end = (await log.head()).position;
    const [first, last] = [Math.floor(end / 3), Math.floor(end / 2)];
    const board = await boardAt(log, last);
    const queries = await board.read();
    const touched = await tasksTouched(
      { log: board.log, queries, nowMs: board.nowMs() },
      { first, last },
    );
    const told = queries
      .timeline({ afterPosition: first - 1, limit: 10_000 })
      .filter(({ ordinal }) => ordinal === 0);
    const expected = new Set(told.map(({ taskId }) => taskId).filter((id) => id !== null));
    for (const id of expected) expect(touched).toContain(id);
    const { header, board: inFile } = await inAFile(board, touched);
    expect(header.tasks.whole).toEqual(touched);
    for (const id of touched) {
      expect(await answersAbout(inFile, id)).toEqual(await answersAbout(board, id));
    }
  });

  it('of everything holds every event', async () => {
    for (const log of logs) {
      const board = await boardAt(log, (await log.head()).position);
      const tasks = (await board.read()).tasks({ includeArchived: true }, {}, board.nowMs());
      const { end, board: inFile } = await inAFile(
        board,
        tasks.map(({ taskId }) => taskId),
      );
      expect(end.eventsLeftOut).toBe(0);
      const there = await everything(inFile.log);
      expect(there).toEqual(await everything(board.log));
    }
  });
});
