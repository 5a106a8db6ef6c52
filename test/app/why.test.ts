/** Why a task or run stands where it stands: every status and every ending, on the real board. */
import { describe, expect, it } from 'vitest';
import { explain } from '../../src/app/why.ts';
import { type Recorded, streamId, streams } from '../../src/domain/catalogue.ts';
import { statuses } from '../../src/domain/readiness.ts';
import { terminalOutcomes } from '../../src/domain/run/events.ts';
import { type Explanation, ruleNames } from '../../src/domain/why/explanation.ts';
import { codec } from '../../src/log/codec.ts';
import { aScene, type Scene } from '../dispatcher/a-dispatcher.ts';
import { aRunningTask, aTask, openHarbour } from '../kit/boards.ts';
import { accepted, ada, dispatcher, refused, workerOf } from '../kit/callers.ts';
import { ofRuns } from './why-run-cases.ts';
import type { Case } from './why-scenes.ts';
import { ofTasks } from './why-task-cases.ts';

type Told = readonly [name: string, rule: string, told: Case];

const named = (cases: Readonly<Record<string, readonly Case[]>>): readonly Told[] =>
  Object.entries(cases).flatMap(([name, told]) =>
    told.map((each) => [name, each.rule, each] as const),
  );

async function ask(board: Parameters<typeof explain>[0], id: string): Promise<Explanation> {
  return accepted(explain(board, id));
}

/** Every position an answer names is in the log, and says what the answer says. */
async function expectEvidence(log: Scene['log'], answer: Explanation): Promise<void> {
  const events = new Map<number, Recorded>();
  for (const stored of await log.readAll()) events.set(stored.position, codec.decode(stored));
  const { chain, seen, decidedBy } = answer;
  expect(chain.length).toBeGreaterThan(0);
  for (const [index, link] of chain.entries()) {
    const event = events.get(link.position);
    expect(event, `#${link.position}`).toMatchObject({ type: link.type, meta: { at: link.atMs } });
    expect(link.causedBy).toBe(chain[index - 1]?.position ?? null);
    expect(link.position).toBeGreaterThan(link.causedBy ?? 0);
  }
  for (const { position, atMs } of seen) {
    if (position !== null) expect(events.get(position)?.meta.at).toBe(atMs);
  }
  if (decidedBy === null) return;
  const { kind, id, surface, atMs: at } = decidedBy;
  const meta = { actor: { kind, id }, surface, at };
  expect(events.get(decidedBy.position)).toMatchObject({ meta });
}

/** The chain ends at the subject: its own event, or its parent's that made it wait or ready. */
async function expectOwn(log: Scene['log'], { subject, chain }: Explanation): Promise<void> {
  const last = chain.at(-1);
  const task = subject.kind === 'task' ? subject.id : subject.taskId;
  const own = await log.readStream(streams.task(task));
  if (subject.kind === 'run') expect(last?.runId).toBe(subject.id);
  else if (last?.taskId === task)
    expect(own.map(({ position }) => position)).toContain(last.position);
}

async function expectAnswer({ tell, ...told }: Case) {
  const { scene, id } = await tell();
  const answer = await ask(scene.board, id);
  expect(answer.headline).toMatch(told.headline);
  expect(answer.rule.name).toBe(told.rule);
  expect(answer.rule.text).not.toBe('');
  expect(answer.rule.inputs).toMatchObject(told.inputs ?? {});
  expect(answer.decidedBy?.kind ?? null).toBe(told.by);
  expect(answer.prevention.join('\n')).toMatch(told.prevention ?? /^/);
  expect(answer.unknown.join('\n')).toMatch(told.unknown ?? /^/);
  await expectEvidence(scene.log, answer);
  await expectOwn(scene.log, answer);
  return answer;
}

describe('every status', () => {
  it.each(named(ofTasks))('%s is explained: %s', async (status, _rule, told) => {
    const answer = await expectAnswer(told);
    expect(answer.subject).toMatchObject({ kind: 'task', status });
  });

  it('has a story', () => {
    expect(Object.keys(ofTasks)).toEqual([...statuses]);
  });
});

describe('every way a run can end', () => {
  it.each(named(ofRuns))('%s is explained: %s', async (outcome, _rule, told) => {
    const answer = await expectAnswer(told);
    expect(answer.subject).toMatchObject({ kind: 'run', outcome });
  });

  it('has a story', () => {
    expect(new Set(Object.keys(ofRuns))).toEqual(new Set(Object.values(terminalOutcomes)));
  });
});

it('every rule decides in some story', () => {
  const told = [...named(ofTasks), ...named(ofRuns)].map(([, rule]) => rule);
  expect(new Set(told)).toEqual(new Set(ruleNames));
});

describe('the chain', () => {
  it('leads from a claim through the run before it to the parent that made it ready', async () => {
    const scene = await aScene({ claimTtlMs: 60_000, retryBackoffMs: 1_000 });
    const parent = await scene.task({ assignee: 'script' });
    const child = await scene.task({ parents: [parent] });
    await scene.dispatcher().start();
    await scene.clock.settle();
    scene.machine.worker().exit(0);
    await scene.clock.advance(1_000);
    scene.machine.worker().exit(9);
    await scene.clock.advance(10_000);

    const { chain, more } = await ask(scene.board, child);

    const words = chain.map(
      ({ taskId, text }) => `${taskId === child ? 'child' : 'parent'} ${text}`,
    );
    expect(words).toEqual([
      'parent created',
      'parent claimed (try 1)',
      'parent started',
      'parent completed',
      'parent done',
      'child claimed (try 1)',
      'child started',
      'child crashed',
      'child held (backoff)',
      'child claimed (try 2)',
    ]);
    expect(more).toBe(0);
  });

  it('shows the nearest twelve links, and says how many there are before them', async () => {
    const harbour = openHarbour();
    const taskId = await aTask(harbour);
    for (let n = 0; n < 10; n += 1) {
      const { runId } = await accepted(harbour.board.as(dispatcher).claim(taskId));
      await accepted(harbour.board.as(ada).reclaim(taskId, `try ${n}`));
      expect(runId).toBeTruthy();
    }
    const { chain, more } = await ask(harbour.board, taskId);
    expect(chain).toHaveLength(12);
    expect(chain.at(-1)?.type).toBe('TaskRequeued');
    expect(more).toBeGreaterThan(0);
  });
});

describe('what was said long ago', () => {
  it('still explains: a pause, whatever became of the board since', async () => {
    const harbour = openHarbour();
    const taskId = await aTask(harbour, { assignee: 'painter' });
    const operator = harbour.board.as(ada);
    await accepted(operator.changeBoard({ type: 'CreateBoard', name: 'yard', epoch: 'epoch-1' }));
    await accepted(operator.changeBoard({ type: 'PauseBoard', reason: 'storm' }));
    for (let n = 0; n < 250; n += 1) {
      await accepted(operator.changeBoard({ type: 'RenameBoard', name: `yard ${n}` }));
    }
    const answer = await ask(harbour.board, taskId);
    expect(answer).toMatchObject({ rule: { name: 'board_paused' }, decidedBy: { id: 'ada' } });
    const { position } = await harbour.log.head();
    await accepted(operator.changeBoard({ type: 'ResumeBoard' }));
    const past = await harbour.board.at({ position });
    if (past.refused) throw new Error(past.message);
    expect(await ask(past, taskId)).toMatchObject({ rule: { name: 'board_paused' } });
    await past.close();
    expect((await ask(harbour.board, taskId)).rule.name).not.toBe('board_paused');
  });

  it('still explains: what a parent came to, however often it was edited since', async () => {
    const harbour = openHarbour();
    const operator = harbour.board.as(ada);
    const parent = await aTask(harbour);
    const child = await aTask(harbour, { parents: [parent] });
    const rain = { cause: 'operator', reason: 'Rain.' } as const;
    await accepted(operator.block(parent, rain));
    const [, blocked] = await harbour.events(streams.task(parent));
    for (let n = 0; n < 250; n += 1) await accepted(operator.reprioritize(parent, n + 1));
    const { seen } = await ask(harbour.board, child);
    expect(seen).toMatchObject([{ text: `${parent} is blocked`, position: blocked?.position }]);
  });
});

describe('a run that writes after its end', () => {
  it('is told what was refused, and by which rule', async () => {
    const harbour = openHarbour();
    const { taskId, runId } = await aRunningTask(harbour);
    await accepted(harbour.board.as(ada).reclaim(taskId, 'asleep'));
    await refused(harbour.board.as(workerOf(runId)).completeRun(runId, {}));

    for (const id of [runId, taskId]) {
      const { refusals } = await ask(harbour.board, id);
      expect(refusals).toEqual([
        {
          position: expect.any(Number),
          atMs: harbour.clock.nowMs(),
          runId,
          attempted: 'CompleteRun',
          code: 'stale_run',
          by: { kind: 'worker', id: runId },
          text: 'nothing is added to a run after its end',
          told: expect.stringContaining('reclaimed: asleep (by ada)'),
          actualVersion: 1,
        },
      ]);
      const [event] = await harbour.events(streams.refused(taskId));
      expect(event?.position).toBe(refusals[0]?.position);
    }
  });

  it('is told of the last five, and how many there were before', async () => {
    const harbour = openHarbour();
    const { taskId, runId } = await aRunningTask(harbour);
    await accepted(harbour.board.as(ada).reclaim(taskId, 'asleep'));
    for (let n = 0; n < 25; n += 1)
      await refused(harbour.board.as(workerOf(runId)).heartbeat(runId));

    const { refusals, refusalsMore } = await ask(harbour.board, runId);

    expect(refusals).toHaveLength(5);
    expect(refusals.at(-1)?.text).toBe('from refusal 21 on they were only counted');
    expect(refusalsMore).toBe(16);
  });
});

it('an id of nothing is refused', async () => {
  const { board } = openHarbour();
  expect(await explain(board, 'T-0000000000')).toMatchObject({ code: 'no_such_task' });
  expect(await explain(board, 'R-000000000000')).toMatchObject({ code: 'no_such_run' });
});

it('of a run with many beats only its edges are read', async () => {
  const harbour = openHarbour();
  const { runId } = await aRunningTask(harbour);
  for (let n = 0; n < 100; n += 1) {
    harbour.clock.stepWall(300_000);
    await accepted(harbour.board.as(workerOf(runId)).heartbeat(runId, { note: `page ${n}` }));
  }
  let read = 0;
  const log = {
    ...harbour.log,
    readStream: async (...asked: Parameters<typeof harbour.log.readStream>) => {
      const events = await harbour.log.readStream(...asked);
      if (streamId(asked[0]) === runId) read += events.length;
      return events;
    },
  };
  const { read: readTables, nowMs, probeDispatcher } = harbour.board;
  const { seen } = await ask({ log, read: readTables, nowMs, probeDispatcher }, runId);
  expect(read).toBeLessThan(10);
  expect(seen.at(-1)).toMatchObject({ text: 'last sign of life', atMs: harbour.clock.nowMs() });
});
