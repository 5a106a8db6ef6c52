/** Everything that can be done to a board, each move made on the model and on the real one. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Board } from '../../src/app/board.ts';
import type { Commands } from '../../src/app/commands.ts';
import type { Refusal } from '../../src/domain/refusal.ts';
import type { EndRun } from '../../src/domain/run/commands.ts';
import { ada, dispatcher, workerOf } from '../kit/callers.ts';
import type { FakeClock } from '../kit/fake-clock.ts';
import {
  type Answer,
  type BoardModel,
  type Failure,
  type Interruption,
  type ModelRun,
  type ModelTask,
  type NewModelTask,
  rules,
} from './board-model.ts';
import type { LogWatch } from './log-watch.ts';

/** The real thing: two processes' boards over one log, and the clock they share. */
export interface World {
  readonly boards: readonly Board[];
  readonly clock: FakeClock;
  readonly watch: LogWatch;
}

/** A move as the property draws, makes and prints it. */
export type Move = fc.AsyncCommand<BoardModel, World>;

interface Answered {
  readonly refused: false;
  readonly changed?: boolean;
}
type Reply = Promise<Answered | Refusal>;

/** A move about a task: what the model says to it, and how it is made on the real board. */
interface TaskMove<A> {
  readonly name: string;
  readonly args: fc.Arbitrary<A>;
  /** The tasks it is mostly made on: those it was invented for. */
  likes(task: ModelTask): boolean;
  says(model: BoardModel, task: ModelTask, args: A): Answer;
  does(by: Commands, taskId: string, args: A, model: BoardModel): Reply;
}

/** A move about a run; also long after the run ended, which is what stale workers do. */
interface RunMove<A> {
  readonly name: string;
  readonly args: fc.Arbitrary<A>;
  says(model: BoardModel, run: ModelRun, args: A): Answer;
  does(board: Board, run: ModelRun, args: A): Reply;
}

const none = fc.constant(undefined);
const door = fc.nat(1);
const index = fc.nat(30);
/** Out of five, how often a move is made where it makes sense. */
const sense = fc.nat(4).map((chance) => chance > 0);
const delayMs = fc.constantFrom(null, 1, 1_000, 3_600_000);

/** Every move there is, by chance; those that keep runs going come up more often than the rest. */
export function anyMove(): fc.Arbitrary<Move>[] {
  return [
    ...often(4, [onTask(claim)]),
    ...often(3, [onRun(finish), onRun(judge)]),
    ...often(2, [create, advance, onRun(beat), onRun(guard), onTask(reclaim), onTask(unblock)]),
    ...[specify, reopen, restore, complete, block, archive, tombstone].map(onTask),
    ...[onTask(review), onTask(promote), onTask(resetFailures)],
    ...[onRun(actBeside), onRun(overreach)],
    ...[onTask(link), onTask(unlink), onTask(assign), onTask(schedule), onTask(limitRetries)],
  ];
}

/** The tables of a board catch up with the log, so that they fold it in pieces. */
export const read: fc.Arbitrary<Move> = door.map((door) => ({
  check: () => true,
  run: async (_, { boards }) => void (await boards[door]!.read()),
  toString: () => `read(board ${door})`,
}));

/** Two tasks and a third that waits for the first, so that every story has something to tell. */
export async function begin(model: BoardModel, world: World): Promise<void> {
  const plain = { key: undefined, standing: 'queued', delayMs: null, maxRetries: null } as const;
  for (const parents of [[], [], [0]]) await createTask(model, world, 0, { ...plain, parents });
}

function often<T>(times: number, moves: readonly T[]): readonly T[] {
  return Array.from({ length: times }, () => moves).flat();
}

function onTask<A>(move: TaskMove<A>): fc.Arbitrary<Move> {
  const { name, args } = move;
  return fc.record({ index, sense, door, args }).map(({ index, sense, door, args }) => ({
    check: () => true,
    async run(model, world) {
      const liked = sense ? model.tasks.filter((task) => move.likes(task)) : [];
      const task = pick(liked.length > 0 ? liked : model.tasks, index);
      const answer = move.says(model, task, args);
      await compare(world, answer, move.does(commandsOf(world, door), task.taskId, args, model));
    },
    toString: () => `${name}(task ${index}, ${sense}, board ${door}, ${fc.stringify(args)})`,
  }));
}

function onRun<A>(move: RunMove<A>): fc.Arbitrary<Move> {
  const { name, args } = move;
  return fc.record({ index, sense, door, args }).map(({ index, sense, door, args }) => ({
    check: (model) => model.runs.length > 0,
    async run(model, world) {
      const open = sense ? model.runs.filter((run) => run.end === undefined) : [];
      const run = pick(open.length > 0 ? open : model.runs, index);
      // Whoever moves knows the run as it is before the move.
      const known = { ...run };
      const answer = move.says(model, run, args);
      await compare(world, answer, move.does(world.boards[door]!, known, args));
    },
    toString: () => `${name}(run ${index}, ${sense}, board ${door}, ${fc.stringify(args)})`,
  }));
}

function pick<T>(from: readonly T[], index: number): T {
  return from[index % from.length]!;
}

function commandsOf(world: World, door: number): Commands {
  return world.boards[door]!.as(ada);
}

async function compare(world: World, expected: Answer, reply: Reply): Promise<void> {
  expect(answerOf(await reply)).toBe(expected);
  await world.watch.look();
}

function answerOf(reply: Answered | Refusal): Answer {
  if (reply.refused) return reply.code;
  return reply.changed === false ? 'unchanged' : 'changed';
}

const advance: fc.Arbitrary<Move> = fc.constantFrom(1, 1_000, 240_000, 3_600_000).map((ms) => ({
  check: () => true,
  async run(model, world) {
    model.nowMs += ms;
    world.clock.stepWall(ms);
  },
  toString: () => `advance(${ms})`,
}));

interface Fields extends Omit<NewModelTask, 'parents' | 'notBeforeMs'> {
  readonly parents: readonly number[];
  readonly delayMs: number | null;
}

const fields: fc.Arbitrary<Fields> = fc.record({
  key: fc.constantFrom(undefined, undefined, 'hull', 'mast'),
  parents: fc.array(index, { maxLength: 2 }),
  standing: fc.constantFrom('queued', 'queued', 'queued', 'triage', 'blocked'),
  delayMs: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, delayMs),
  maxRetries: fc.constantFrom(null, null, 1, 3),
});

const create: fc.Arbitrary<Move> = fc.record({ door, fields }).map(({ door, fields }) => ({
  check: () => true,
  run: (model, world) => createTask(model, world, door, fields),
  toString: () => `create(board ${door}, ${fc.stringify(fields)})`,
}));

async function createTask(model: BoardModel, world: World, door: number, wanted: Fields) {
  const { key, standing, maxRetries, delayMs } = wanted;
  const known = key === undefined ? undefined : model.liveTaskOf(key);
  const isFirst = model.tasks.length === 0;
  const parents = isFirst ? [] : wanted.parents.map((at) => pick(model.tasks, at).taskId);
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
  }
  expect(reply.taskId).toBe(known?.taskId ?? model.tasks.at(-1)?.taskId);
  await world.watch.look();
}

const claim: TaskMove<string | undefined> = {
  name: 'claim',
  args: fc.constantFrom(undefined, 'a'.repeat(64)),
  likes: ({ standing, shelf }) => shelf === 'none' && standing === 'queued',
  says: (model, task, tokenHash) => model.claim(task, { runId: nextRunId(model), tokenHash }),
  does(by, taskId, tokenHash, model) {
    // The model has the run already, unless it refused.
    const runId = model.task(taskId).run?.runId ?? nextRunId(model);
    return by.claim(taskId, { runId, ...(tokenHash === undefined ? {} : { tokenHash }) });
  },
};

function nextRunId(model: BoardModel): string {
  return `R-C${String(model.runs.length).padStart(11, '0')}`;
}

/** Mostly the token the run was opened with; sometimes another, as a forger would show. */
const shown = fc.constantFrom('own', 'own', 'own', 'own', 'b'.repeat(64));

function proofOf(run: ModelRun, token: string): string | undefined {
  return token === 'own' ? run.tokenHash : token;
}

function byWorker(board: Board, run: ModelRun): Commands {
  return board.as(workerOf(run.runId));
}

const finish: RunMove<{ shown: string; how: 'done' | 'review' | 'blocked' | 'released' }> = {
  name: 'finish',
  args: fc.record({ shown, how: fc.constantFrom('done', 'done', 'review', 'blocked', 'released') }),
  says: (model, run, { shown, how }) => model.finish(run, proofOf(run, shown), how),
  does(board, run, { shown, how }) {
    const by = byWorker(board, run);
    const proof = { tokenHash: proofOf(run, shown) };
    if (how === 'released') return by.releaseRun(run.runId, 'no brush', proof);
    if (how === 'blocked') {
      return by.blockRun(run.runId, { cause: 'needs_input', reason: 'Which colour?' }, proof);
    }
    return by.completeRun(run.runId, { summary: how }, { ...proof, review: how === 'review' });
  },
};

const beat: RunMove<{ shown: string; note: string | undefined }> = {
  name: 'beat',
  args: fc.record({ shown, note: fc.constantFrom(undefined, 'sanding', 'painting') }),
  says: (model, run, { shown, note }) => model.beat(run, proofOf(run, shown), note),
  does: (board, run, { shown, note }) =>
    byWorker(board, run).heartbeat(run.runId, { note, tokenHash: proofOf(run, shown) }),
};

const guard: RunMove<{ shown: string; task: 'its own' | 'another' }> = {
  name: 'guard',
  args: fc.record({ shown, task: fc.constantFrom('its own', 'its own', 'its own', 'another') }),
  says: (model, run, { shown, task }) => model.guard(run, proofOf(run, shown), given(run, task)),
  does: (board, run, { shown, task }) =>
    byWorker(board, run).startWorker(run.runId, {
      taskId: given(run, task),
      tokenHash: proofOf(run, shown),
    }),
};

function given({ task }: ModelRun, which: 'its own' | 'another'): string {
  return which === 'its own' ? task.taskId : 'T-0000000099';
}

const actBeside: RunMove<string> = {
  name: 'actBeside',
  args: shown,
  says: (model, run, shown) => model.actBeside(run, proofOf(run, shown)),
  does: (board, run, shown) =>
    byWorker(board, run).actBeside(run.runId, { tokenHash: proofOf(run, shown) }),
};

type ForPeople = 'forgive' | 'reopen' | 'resume' | 'reclaim';

const overreach: RunMove<{ machine: 'worker' | 'dispatcher'; what: ForPeople }> = {
  name: 'overreach',
  args: fc.record({
    machine: fc.constantFrom('worker', 'dispatcher'),
    what: fc.constantFrom('forgive', 'reopen', 'resume', 'reclaim'),
  }),
  says: (model, { task }, { what }) => model.overreach(task, what),
  does(board, run, { machine, what }) {
    const by = machine === 'worker' ? byWorker(board, run) : board.as(dispatcher);
    const { taskId } = run.task;
    if (what === 'forgive') return by.resetFailures(taskId);
    if (what === 'reopen') return by.reopen(taskId);
    return what === 'resume' ? by.unblock(taskId) : by.reclaim(taskId, 'mine now');
  },
};

type Judgement = Failure | Exclude<Interruption, 'released'>;

const endings: { readonly [J in Judgement]: EndRun } = {
  crashed: { type: 'CrashRun', exit: { exitCode: 1 }, error: 'boom', evidence: {} },
  timed_out: { type: 'TimeOutRun', limitMs: 1, elapsedMs: 2, evidence: {} },
  spawn_failed: { type: 'FailSpawn', error: 'no such program' },
  protocol_violated: { type: 'ViolateProtocol', exitCode: 0, evidence: {} },
  reclaimed: { type: 'ReclaimRun', reason: 'silent', evidence: {} },
  stale: { type: 'MarkRunStale', silentMs: 1, evidence: {} },
  canceled: { type: 'CancelRun', reason: 'no longer needed' },
  rate_limited: { type: 'RateLimitRun', holdMs: rules.rateLimitHoldMs, evidence: {} },
};

const judge: RunMove<{ outcome: Judgement; seen: 'now' | 'before' | 'anything' }> = {
  name: 'judge',
  args: fc.record({
    outcome: fc.constantFrom(...(Object.keys(endings) as Judgement[])),
    /** The run as it is, as it was an event ago, or whatever it is. */
    seen: fc.constantFrom('now', 'now', 'before', 'anything'),
  }),
  says: (model, run, { outcome, seen }) =>
    model.judge(run, { outcome, byPerson: false }, judgedAt(run, seen)),
  does: (board, run, { outcome, seen }) =>
    board.as(dispatcher).endRun(run.runId, endings[outcome], judgedAt(run, seen)),
};

function judgedAt(run: ModelRun, seen: 'now' | 'before' | 'anything'): number | undefined {
  return seen === 'anything' ? undefined : run.version - (seen === 'before' ? 1 : 0);
}

const assignee = fc.constantFrom(null, 'painter', 'rigger');

const reclaim: TaskMove<string | null | undefined> = {
  name: 'reclaim',
  args: fc.option(assignee, { nil: undefined }),
  likes: ({ run }) => run !== undefined,
  says: (model, task, to) => model.reclaim(task, to),
  does: (by, taskId, to) => by.reclaim(taskId, 'silent', to === undefined ? {} : { assignee: to }),
};

const assign: TaskMove<string | null> = {
  name: 'assign',
  args: assignee,
  likes: () => true,
  says: (model, task, to) => model.assign(task, to),
  does: (by, taskId, to) => by.assign(taskId, to),
};

const link: TaskMove<number> = {
  name: 'link',
  args: index,
  likes: ({ parents }) => parents.length === 0,
  says: (model, task, at) => model.link(pick(model.tasks, at).taskId, task),
  does: (by, taskId, at, model) => by.link(pick(model.tasks, at).taskId, taskId),
};

const unlink: TaskMove<number> = {
  name: 'unlink',
  args: index,
  likes: ({ parents }) => parents.length > 0,
  says: (model, task, at) => model.unlink(pick(model.tasks, at).taskId, task),
  does: (by, taskId, at, model) => by.unlink(pick(model.tasks, at).taskId, taskId),
};

const schedule: TaskMove<number | null> = {
  name: 'schedule',
  args: delayMs,
  likes: ({ shelf }) => shelf === 'none',
  says: (model, task, delay) => model.schedule(task, delay && model.nowMs + delay),
  does: (by, taskId, delay, model) => by.schedule(taskId, delay && model.nowMs + delay),
};

const limitRetries: TaskMove<number | null> = {
  name: 'limitRetries',
  args: fc.constantFrom(null, 1, 3),
  likes: ({ shelf }) => shelf === 'none',
  says: (model, task, maxRetries) => model.limitRetries(task, maxRetries),
  does: (by, taskId, maxRetries) => by.edit(taskId, { maxRetries }),
};

const promote: TaskMove<boolean> = {
  name: 'promote',
  args: fc.boolean(),
  likes: ({ standing }) => standing === 'queued' || standing === 'triage',
  says: (model, task, forced) => model.promote(task, forced),
  does: (by, taskId, forced) => by.promote(taskId, { forced }),
};

const review: TaskMove<boolean> = {
  name: 'review',
  args: fc.boolean(),
  likes: ({ standing }) => standing === 'review',
  says: (model, task, approve) => model.review(task, approve),
  does: (by, taskId, approve) => by.review(taskId, { approve, reason: 'I looked.' }),
};

const complete: TaskMove<undefined> = {
  name: 'complete',
  args: none,
  likes: ({ standing }) => standing !== 'done',
  says: (model, task) => model.complete(task),
  does: (by, taskId) => by.complete(taskId, { summary: 'By hand.' }),
};

const block: TaskMove<undefined> = {
  name: 'block',
  args: none,
  likes: ({ standing }) => standing === 'running' || standing === 'queued',
  says: (model, task) => model.block(task),
  does: (by, taskId) => by.block(taskId, { cause: 'operator', reason: 'Wait.' }),
};

const unblock: TaskMove<undefined> = {
  name: 'unblock',
  args: none,
  likes: ({ standing }) => standing === 'blocked' || standing === 'halted',
  says: (model, task) => model.unblock(task),
  does: (by, taskId) => by.unblock(taskId),
};

const specify: TaskMove<undefined> = {
  name: 'specify',
  args: none,
  likes: ({ standing }) => standing === 'triage',
  says: (model, task) => model.specify(task),
  does: (by, taskId) => by.specify(taskId, {}),
};

const reopen: TaskMove<undefined> = {
  name: 'reopen',
  args: none,
  likes: ({ standing }) => standing === 'done',
  says: (model, task) => model.reopen(task),
  does: (by, taskId) => by.reopen(taskId),
};

const resetFailures: TaskMove<undefined> = {
  name: 'resetFailures',
  args: none,
  likes: ({ failures, interruptions }) => failures + interruptions.recoveries > 0,
  says: (model, task) => model.resetFailures(task),
  does: (by, taskId) => by.resetFailures(taskId),
};

const archive: TaskMove<undefined> = {
  name: 'archive',
  args: none,
  likes: ({ shelf }) => shelf === 'none',
  says: (model, task) => model.archive(task),
  does: (by, taskId) => by.archive(taskId),
};

const restore: TaskMove<undefined> = {
  name: 'restore',
  args: none,
  likes: ({ shelf }) => shelf === 'archived',
  says: (model, task) => model.restore(task),
  does: (by, taskId) => by.restore(taskId),
};

const tombstone: TaskMove<undefined> = {
  name: 'tombstone',
  args: none,
  likes: ({ shelf }) => shelf === 'tombstoned',
  says: (model, task) => model.tombstone(task),
  does: (by, taskId) => by.tombstone(taskId),
};
