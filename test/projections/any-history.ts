/** Histories that a board has accepted, drawn by chance: what people and workers might do to it. */
import fc from 'fast-check';
import { createBoard } from '../../src/app/board.ts';
import type { Commands } from '../../src/app/commands.ts';
import type { Recorded } from '../../src/domain/catalogue.ts';
import { codec } from '../../src/log/codec.ts';
import { createMemoryLog } from '../../src/log/memory.ts';
import { ada, dispatcher } from '../kit/callers.ts';
import { createCountedIds } from '../kit/counted-ids.ts';
import { createFakeClock, type FakeClock } from '../kit/fake-clock.ts';
import { openLate } from '../kit/late-tables.ts';

/** One try to change something; it may be refused, and then it leaves no trace. */
interface Move {
  readonly kind: keyof typeof kinds;
  /** Which task or run it is about, and which other one. */
  readonly one: number;
  readonly other: number;
}

interface Scene {
  readonly people: Commands;
  readonly fleet: Commands;
  readonly clock: FakeClock;
  readonly tasks: string[];
  readonly runs: string[];
}

/** Tells a history that was drawn; answers its events, in order. */
export type Teller = () => Promise<readonly Recorded[]>;

/** An accepted history. */
export function anyHistory(): fc.Arbitrary<Teller> {
  return fc
    .array(anyMove(), { minLength: 10, maxLength: 80, size: 'max' })
    .map((moves) => () => play(moves));
}

const kinds = {
  create: async (scene: Scene, { one, other }: Move) => {
    const parents = [...new Set([pick(scene.tasks, one), pick(scene.tasks, other)])];
    const fields = [
      {},
      { assignee: 'painter', priority: other, body: 'Two coats.' },
      { parents },
      { parents, notBeforeMs: scene.clock.nowMs() + 1_000 * other },
      { triage: true },
      { initialBlock: 'Which colour?', assignee: 'rigger' },
    ];
    const made = await scene.people.create({ title: `Task ${one}`, ...fields[one % 6] });
    if (!made.refused) scene.tasks.push(made.taskId);
  },
  claim: async (scene: Scene, { one }: Move) => {
    const claim = await scene.fleet.claim(pick(scene.tasks, one));
    if (!claim.refused) scene.runs.push(claim.runId);
  },
  beat: ({ fleet, runs }: Scene, { one, other }: Move) =>
    fleet.heartbeat(pick(runs, one), { note: `step ${other}` }),
  use: ({ fleet, runs }: Scene, { one, other }: Move) =>
    fleet.usage(pick(runs, one), { inputTokens: other, costUsd: 0.125 }),
  finish: ({ fleet, runs }: Scene, { one, other }: Move) =>
    fleet.completeRun(pick(runs, one), { summary: `Coat ${other}` }, { review: one < 9 }),
  giveUp: ({ fleet, runs }: Scene, { one }: Move) =>
    fleet.blockRun(pick(runs, one), { cause: 'needs_input', reason: 'Which colour?' }),
  release: ({ fleet, runs }: Scene, { one }: Move) => fleet.releaseRun(pick(runs, one)),
  crash: ({ fleet, runs }: Scene, { one, other }: Move) =>
    fleet.endRun(pick(runs, one), {
      ...{ type: 'CrashRun', error: `boom ${other}`, exit: { exitCode: 1 }, evidence: {} },
    }),
  reclaim: ({ people, tasks }: Scene, { one }: Move) =>
    people.reclaim(pick(tasks, one), 'it is mine'),
  complete: ({ people, tasks }: Scene, { one }: Move) =>
    people.complete(pick(tasks, one), { summary: 'done by hand' }),
  block: ({ people, tasks }: Scene, { one }: Move) =>
    people.block(pick(tasks, one), { cause: 'operator', reason: 'wait' }),
  unblock: ({ people, tasks }: Scene, { one }: Move) => people.unblock(pick(tasks, one)),
  review: ({ people, tasks }: Scene, { one, other }: Move) =>
    people.review(pick(tasks, one), { approve: other % 2 === 0, reason: 'hm' }),
  promote: ({ people, tasks }: Scene, { one }: Move) =>
    people.promote(pick(tasks, one), { forced: true }),
  reopen: ({ people, tasks }: Scene, { one }: Move) => people.reopen(pick(tasks, one)),
  archive: ({ people, tasks }: Scene, { one }: Move) => people.archive(pick(tasks, one)),
  restore: ({ people, tasks }: Scene, { one }: Move) => people.restore(pick(tasks, one)),
  tombstone: ({ people, tasks }: Scene, { one }: Move) => people.tombstone(pick(tasks, one)),
  link: ({ people, tasks }: Scene, { one, other }: Move) =>
    people.link(pick(tasks, one), pick(tasks, other)),
  unlink: ({ people, tasks }: Scene, { one, other }: Move) =>
    people.unlink(pick(tasks, one), pick(tasks, other)),
  edit: ({ people, tasks }: Scene, { one, other }: Move) =>
    people.edit(pick(tasks, one), { title: `Edited ${other}`, body: null }),
  specify: ({ people, tasks }: Scene, { one }: Move) => people.specify(pick(tasks, one), {}),
  assign: ({ people, tasks }: Scene, { one, other }: Move) =>
    people.assign(pick(tasks, one), other % 2 === 0 ? null : 'rigger'),
  schedule: ({ people, tasks, clock }: Scene, { one, other }: Move) =>
    people.schedule(pick(tasks, one), other < 9 ? null : clock.nowMs() + 1_000),
  comment: ({ people, tasks }: Scene, { one, other }: Move) =>
    people.comment(pick(tasks, one), { body: `Comment ${other}` }),
  pause: ({ people }: Scene) => people.changeBoard({ type: 'PauseBoard' }),
  resume: ({ people }: Scene) => people.changeBoard({ type: 'ResumeBoard' }),
  pass: async ({ clock }: Scene, { one }: Move) => clock.stepWall(one * 500),
} as const;

function anyMove(): fc.Arbitrary<Move> {
  const common = ['create', 'create', 'claim', 'claim', 'finish', 'crash', 'link'] as const;
  const all = Object.keys(kinds) as Move['kind'][];
  return fc.record({
    kind: fc.constantFrom(...common, ...all),
    one: fc.nat(20),
    other: fc.nat(20),
  });
}

async function play(moves: readonly Move[]): Promise<readonly Recorded[]> {
  const clock = createFakeClock();
  const log = createMemoryLog({ clock, epoch: 'epoch-1' });
  const projections = openLate(() => Promise.reject(new Error('nobody reads in this story')));
  const board = createBoard({ log, projections, clock, ids: createCountedIds() });
  const [people, fleet] = [board.as(ada), board.as(dispatcher)];
  const scene: Scene = { people, fleet, clock, tasks: [], runs: [] };
  await people.changeBoard({ type: 'CreateBoard', name: 'yard', epoch: 'epoch-1' });
  for (const move of moves) {
    await kinds[move.kind](scene, move);
    clock.stepWall(1_000);
  }
  return (await log.readAll()).map(codec.decode);
}

/** Any of what there is; an id of nothing when there is none yet. */
function pick(ids: readonly string[], index: number): string {
  return ids[index % Math.max(1, ids.length)] ?? 'T-0000000000';
}
