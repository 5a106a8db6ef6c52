/** Everything that can be done to a board, each move played on the model and on the real one. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Board } from '../../src/app/board.ts';
import type { Commands } from '../../src/app/commands.ts';
import { defaultPolicy } from '../../src/domain/policy.ts';
import type { Refusal } from '../../src/domain/refusal.ts';
import type { EndRun } from '../../src/domain/run/commands.ts';
import { ada, dispatcher, workerOf } from '../kit/boards.ts';
import type { FakeClock } from '../kit/fake-clock.ts';
import type {
  Answer,
  BoardModel,
  Failure,
  Interruption,
  ModelRun,
  ModelTask,
  NewModelTask,
} from './board-model.ts';
import type { LogWatch } from './log-watch.ts';

/** The real thing: two processes' boards over one log, and the clock they share. */
export interface World {
  readonly boards: readonly Board[];
  readonly clock: FakeClock;
  readonly watch: LogWatch;
}

export type Move = fc.AsyncCommand<BoardModel, World>;

interface Answered {
  readonly refused: false;
  readonly changed?: boolean;
  readonly taskId?: string;
}
type Reply = Promise<Answered | Refusal>;

const door = fc.nat(1);
const index = fc.nat(30);
/** Which run, counted from the last one opened. */
const recent = fc.nat(3);
const assignee = fc.constantFrom(null, 'painter', 'rigger');
const delayMs = fc.constantFrom(null, 1, 1_000, 3_600_000);
const token = fc.constantFrom(undefined, 'a'.repeat(64));
/** Mostly the token the run was opened with; sometimes another, as a forger would show. */
const shown = fc.oneof({ weight: 9, arbitrary: fc.constant('own') }, fc.constant('b'.repeat(64)));

/** Every move there is, by chance; those that keep runs going come up more often than the rest. */
export function anyMove(): fc.Arbitrary<Move>[] {
  return [
    ...often(4, creating()),
    ...often(8, claiming()),
    ...often(3, working()),
    ...often(2, judging()),
    ...planning(),
    ...deciding(),
  ];
}

function often<T>(times: number, moves: readonly T[]): readonly T[] {
  return Array.from({ length: times }, () => moves).flat();
}

/** A move about a task: which one, through which board, and what the model says to it. */
function onTask<A>(
  name: string,
  args: fc.Arbitrary<A>,
  expected: (model: BoardModel, task: ModelTask, args: A) => Answer,
  act: (by: Commands, taskId: string, args: A, model: BoardModel) => Reply,
): fc.Arbitrary<Move> {
  return fc.record({ index, door, args }).map(({ index, door, args }) => ({
    check: (model) => model.tasks.length > 0,
    async run(model, world) {
      const task = model.tasks[index % model.tasks.length]!;
      const answer = expected(model, task, args);
      ((globalThis as any).tally ??= {})[name + ':' + answer] =
        ((globalThis as any).tally[name + ':' + answer] ?? 0) + 1;
      await compare(world, answer, act(commandsOf(world, door), task.taskId, args, model));
    },
    toString: () => `${name}(task ${index}, board ${door}, ${fc.stringify(args)})`,
  }));
}

/** A move about a run, by whoever: also long after it ended, which is what stale workers do. */
function onRun<A>(
  name: string,
  args: fc.Arbitrary<A>,
  expected: (model: BoardModel, run: ModelRun, args: A) => Answer,
  act: (boards: Board, run: ModelRun, args: A) => Reply,
): fc.Arbitrary<Move> {
  return fc.record({ index: recent, door, args }).map(({ index, door, args }) => ({
    check: (model) => model.runs.length > 0,
    async run(model, world) {
      const run = model.runs.at(-1 - (index % model.runs.length))!;
      // The reply is started first: what it shows must be what was known before the model moved.
      const before = { ...run };
      const answer = expected(model, run, args);
      ((globalThis as any).tally ??= {})[name + ':' + answer] =
        ((globalThis as any).tally[name + ':' + answer] ?? 0) + 1;
      await compare(world, answer, act(world.boards[door]!, before, args));
    },
    toString: () => `${name}(run -${index}, board ${door}, ${fc.stringify(args)})`,
  }));
}

function commandsOf(world: World, door: number): Commands {
  return world.boards[door]!.as(ada);
}

async function compare(world: World, expected: Answer, reply: Reply): Promise<void> {
  (globalThis as any).tally ??= {};
  (globalThis as any).tally[expected] = ((globalThis as any).tally[expected] ?? 0) + 1;
  expect(answerOf(await reply)).toBe(expected);
  await world.watch.look();
}

function answerOf(reply: Answered | Refusal): Answer {
  if (reply.refused) return reply.code;
  return reply.changed === false ? 'unchanged' : 'changed';
}

function creating(): fc.Arbitrary<Move>[] {
  const fields = fc.record({
    key: fc.option(fc.constantFrom('hull', 'mast'), { nil: undefined, freq: 3 }),
    parents: fc.array(index, { maxLength: 2 }),
    standing: fc.constantFrom('queued', 'queued', 'queued', 'triage', 'blocked'),
    delayMs: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, delayMs),
    maxRetries: fc.constantFrom(null, null, 1, 3),
  });
  return [
    fc.record({ door, fields }).map(({ door, fields }) => ({
      check: () => true,
      run: (model, world) => create(model, world, door, fields),
      toString: () => `create(board ${door}, ${fc.stringify(fields)})`,
    })),
  ];
}

interface Fields extends Omit<NewModelTask, 'parents' | 'notBeforeMs'> {
  readonly parents: readonly number[];
  readonly delayMs: number | null;
}

async function create(model: BoardModel, world: World, door: number, wanted: Fields) {
  const { key, standing, maxRetries, delayMs } = wanted;
  const known = key === undefined ? undefined : model.liveTaskOf(key);
  const parents = wanted.parents.flatMap((at) => {
    const parent = model.tasks[at % Math.max(1, model.tasks.length)];
    return parent === undefined ? [] : [parent.taskId];
  });
  const notBeforeMs = delayMs === null ? null : model.nowMs + delayMs;
  const reply = await commandsOf(world, door).create({
    title: 'Paint the hull',
    parents,
    ...(key === undefined ? {} : { idempotencyKey: key }),
    ...(standing === 'triage' ? { triage: true } : {}),
    ...(standing === 'blocked' ? { initialBlock: 'Wait.' } : {}),
    ...(notBeforeMs === null ? {} : { notBeforeMs }),
    ...(maxRetries === null ? {} : { maxRetries }),
  });
  expect(answerOf(reply)).toBe(known === undefined ? 'changed' : 'unchanged');
  if (reply.refused) return;
  if (known === undefined) {
    model.create(reply.taskId, { key, parents, standing, notBeforeMs, maxRetries });
  } else {
    expect(reply.taskId).toBe(known.taskId);
  }
  await world.watch.look();
}

function claiming(): fc.Arbitrary<Move>[] {
  const runIdAfter = (model: BoardModel) => `R-C${String(model.runs.length).padStart(11, '0')}`;
  let runId = '';
  const claim = onTask(
    'claim',
    token,
    (model, task, tokenHash) => {
      runId = runIdAfter(model);
      return model.claim(task, { runId, tokenHash });
    },
    (by, taskId, tokenHash) =>
      by.claim(taskId, { runId, ...(tokenHash === undefined ? {} : { tokenHash }) }),
  );
  return [claim];
}

function working(): fc.Arbitrary<Move>[] {
  const byWorker = (board: Board, run: ModelRun) => board.as(workerOf(run.runId));
  const proofOf = (run: ModelRun, as: string) => (as === 'own' ? run.tokenHash : as);
  const notes = fc.record({ shown, note: fc.constantFrom(undefined, 'sanding', 'painting') });
  const finishing = fc.record({
    shown,
    how: fc.constantFrom('done', 'done', 'review', 'blocked', 'released'),
  });
  const finish = onRun(
    'finish',
    finishing,
    (model, run, { shown, how }) => model.finish(run, proofOf(run, shown), how),
    (board, run, { shown, how }) => {
      const proof = { tokenHash: proofOf(run, shown) };
      const by = byWorker(board, run);
      if (how === 'released') return by.releaseRun(run.runId, 'no brush', proof);
      if (how === 'blocked') {
        return by.blockRun(run.runId, { cause: 'needs_input', reason: 'Which colour?' }, proof);
      }
      return by.completeRun(run.runId, { summary: how }, { ...proof, review: how === 'review' });
    },
  );
  const beat = onRun(
    'beat',
    notes,
    (model, run, { shown, note }) => model.beat(run, proofOf(run, shown), note),
    (board, run, { shown, note }) =>
      byWorker(board, run).heartbeat(run.runId, { note, tokenHash: proofOf(run, shown) }),
  );
  return [finish, beat];
}

const judgements: { readonly [K in Failure | Exclude<Interruption, 'released'>]: EndRun } = {
  crashed: { type: 'CrashRun', exit: { exitCode: 1 }, error: 'boom', evidence: {} },
  timed_out: { type: 'TimeOutRun', limitMs: 1, elapsedMs: 2, evidence: {} },
  spawn_failed: { type: 'FailSpawn', error: 'no such program' },
  protocol_violated: { type: 'ViolateProtocol', exitCode: 0, evidence: {} },
  reclaimed: { type: 'ReclaimRun', reason: 'silent', evidence: {} },
  stale: { type: 'MarkRunStale', silentMs: 1, evidence: {} },
  canceled: { type: 'CancelRun', reason: 'no longer needed' },
  rate_limited: {
    type: 'RateLimitRun',
    holdMs: defaultPolicy.rateLimitHoldMs,
    evidence: {},
  },
};

function judging(): fc.Arbitrary<Move>[] {
  const outcomes = Object.keys(judgements) as (keyof typeof judgements)[];
  const judgement = fc.record({
    outcome: fc.constantFrom(...outcomes, 'crashed', 'timed_out'),
    /** What the judge saw: the run as it is, as it was an event ago, or nothing in particular. */
    seen: fc.constantFrom('now', 'before', 'anything'),
  });
  const judgedAt = (run: ModelRun, seen: string) =>
    seen === 'anything' ? undefined : run.version - (seen === 'before' ? 1 : 0);
  const judge = onRun(
    'judge',
    judgement,
    (model, run, { outcome, seen }) => model.judge(run, outcome, judgedAt(run, seen)),
    (board, run, { outcome, seen }) =>
      board.as(dispatcher).endRun(run.runId, judgements[outcome], judgedAt(run, seen)),
  );
  const reclaim = onTask(
    'reclaim',
    fc.option(assignee, { nil: undefined }),
    (model, task, to) => model.reclaim(task, to),
    (by, taskId, to) => by.reclaim(taskId, 'silent', to === undefined ? {} : { assignee: to }),
  );
  return [judge, reclaim];
}

function planning(): fc.Arbitrary<Move>[] {
  const otherOf = (model: BoardModel, at: number) => model.tasks[at % model.tasks.length]!.taskId;
  const untilMs = (model: BoardModel, delay: number | null) =>
    delay === null ? null : model.nowMs + delay;
  return [
    onTask(
      'link',
      index,
      (model, task, at) => model.link(otherOf(model, at), task),
      (by, taskId, at, model) => by.link(otherOf(model, at), taskId),
    ),
    onTask(
      'unlink',
      index,
      (model, task, at) => model.unlink(otherOf(model, at), task),
      (by, taskId, at, model) => by.unlink(otherOf(model, at), taskId),
    ),
    onTask(
      'assign',
      assignee,
      (model, task, to) => model.assign(task, to),
      (by, taskId, to) => by.assign(taskId, to),
    ),
    onTask(
      'schedule',
      delayMs,
      (model, task, delay) => model.schedule(task, untilMs(model, delay)),
      (by, taskId, delay, model) => by.schedule(taskId, untilMs(model, delay)),
    ),
    onTask(
      'limitRetries',
      fc.constantFrom(null, 1, 3),
      (model, task, maxRetries) => model.limitRetries(task, maxRetries),
      (by, taskId, maxRetries) => by.edit(taskId, { maxRetries }),
    ),
    fc.constantFrom(1, 1_000, 240_000, 3_600_000).map((ms) => ({
      check: () => true,
      async run(model, world) {
        model.nowMs += ms;
        world.clock.stepWall(ms);
      },
      toString: () => `advance(${ms})`,
    })),
  ];
}

function deciding(): fc.Arbitrary<Move>[] {
  const none = fc.constant(undefined);
  const yesOrNo = fc.boolean();
  return [
    onTask(
      'complete',
      none,
      (model, task) => model.complete(task),
      (by, taskId) => by.complete(taskId, { summary: 'By hand.' }),
    ),
    onTask(
      'block',
      none,
      (model, task) => model.block(task),
      (by, taskId) => by.block(taskId, { cause: 'operator', reason: 'Wait.' }),
    ),
    onTask(
      'unblock',
      none,
      (model, task) => model.unblock(task),
      (by, taskId) => by.unblock(taskId),
    ),
    onTask(
      'promote',
      yesOrNo,
      (model, task, forced) => model.promote(task, forced),
      (by, taskId, forced) => by.promote(taskId, { forced }),
    ),
    onTask(
      'specify',
      none,
      (model, task) => model.specify(task),
      (by, taskId) => by.specify(taskId, {}),
    ),
    onTask(
      'review',
      yesOrNo,
      (model, task, approve) => model.review(task, approve),
      (by, taskId, approve) => by.review(taskId, { approve, reason: 'I looked.' }),
    ),
    onTask(
      'reopen',
      none,
      (model, task) => model.reopen(task),
      (by, taskId) => by.reopen(taskId),
    ),
    onTask(
      'resetFailures',
      none,
      (model, task) => model.resetFailures(task),
      (by, taskId) => by.resetFailures(taskId),
    ),
    onTask(
      'archive',
      none,
      (model, task) => model.archive(task),
      (by, taskId) => by.archive(taskId),
    ),
    onTask(
      'restore',
      none,
      (model, task) => model.restore(task),
      (by, taskId) => by.restore(taskId),
    ),
    onTask(
      'tombstone',
      none,
      (model, task) => model.tombstone(task),
      (by, taskId) => by.tombstone(taskId),
    ),
  ];
}
