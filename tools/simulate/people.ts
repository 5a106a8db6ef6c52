/**
 * Everybody else: people who make and change tasks, programs outside that claim for themselves,
 * and strangers who try to write to a run that is not theirs.
 */
import type { Commands } from '../../src/app/commands.ts';
import { LogUnavailable } from '../../src/log/event-log.ts';
import type { Chance } from '../trial/chance.ts';
import type { Actor } from './actor.ts';
import { commandsFor, hashOf, isAccepted, persist } from './client.ts';
import type { Stage } from './stage.ts';

/** Whoever makes tasks, and knows when all of them are made. */
export interface People {
  isDone(): boolean;
  /** Makes sure that the board is not paused. */
  resume(): void;
}

interface Person {
  readonly stage: Stage;
  readonly actor: Actor;
  readonly chance: Chance;
  readonly commands: Commands;
  readonly made: string[];
}

/** Brings people onto the stage. */
export function bringPeople(stage: Stage): People {
  const actor = stage.newActor('ada');
  const caller = { actor: { kind: 'human', id: 'ada' }, surface: 'cli' } as const;
  const commands = commandsFor(stage, actor, caller);
  const ada: Person = { stage, actor, chance: stage.chance.fork('ada'), commands, made: [] };
  let isDone = false;
  void makeTasks(ada).then(() => {
    isDone = true;
  });
  void meddle({ ...ada, chance: stage.chance.fork('meddling') });
  void workOutside(stage);
  const resume = () => persist(actor, () => commands.changeBoard({ type: 'ResumeBoard' }));
  return { isDone: () => isDone, resume: () => void resume() };
}

async function makeTasks({ stage, actor, chance, commands, made }: Person): Promise<void> {
  const { tasks, foulMs } = stage.traits;
  const founding = { type: 'CreateBoard', name: 'board', epoch: stage.log.epoch } as const;
  await persist(actor, () => commands.changeBoard(founding));
  for (let number = 1; number <= tasks; number += 1) {
    await actor.pause(chance.happens(0.5) ? 0 : chance.between(0, (foulMs / tasks) * 1.5));
    const fields = draw(chance, made, number);
    // Who is not told whether a task was made asks again with the same key, and makes no second.
    const hasKey = fields.idempotencyKey !== undefined;
    const answer = await persist(actor, () => commands.create(fields), hasKey);
    if (answer?.refused === false) made.push(answer.taskId);
    else if (answer !== undefined)
      stage.watch.report('F16', [], `refused to make ${fields.title}: ${answer.message}`);
  }
}

function draw(chance: Chance, made: readonly string[], number: number) {
  const assignee = chance.weighted({ agent: 50, script: 25, capped: 20, outside: 12 });
  const parents = chance.happens(0.25) && made.length > 0 ? [chance.pick(made)] : [];
  const isShared = chance.happens(0.2);
  return {
    title: `Task ${number}`,
    assignee,
    parents,
    priority: chance.whole(0, 2),
    ...(chance.happens(0.5) ? { idempotencyKey: `task ${number}` } : {}),
    ...(isShared ? { workspace: { kind: 'dir' as const, path: `/project/${number}` } } : {}),
    ...(chance.happens(0.2) ? { maxRetries: chance.whole(1, 3) } : {}),
  };
}

/** Changes what is there, now and then, as people do. */
async function meddle({ stage, actor, chance, commands, made }: Person): Promise<void> {
  while (stage.isFoul()) {
    await actor.pause(chance.between(200, 8_000));
    if (made.length === 0 || !stage.isFoul()) continue;
    const taskId = chance.pick(made);
    await change(commands, chance, { taskId, otherId: chance.pick(made) }).catch(unlessAnswered);
  }
}

function unlessAnswered(fault: unknown): void {
  if (!(fault instanceof LogUnavailable)) throw fault;
}

function change(
  commands: Commands,
  chance: Chance,
  { taskId, otherId }: { taskId: string; otherId: string },
): Promise<unknown> {
  const what = chance.weighted({
    reprioritize: 20,
    comment: 15,
    edit: 10,
    link: 8,
    unlink: 8,
    reclaim: 6,
    complete: 3,
    block: 3,
    unblock: 10,
    archive: 3,
    promote: 4,
    review: 6,
    reopen: 3,
    reset: 4,
    pause: 2,
    resume: 6,
  });
  switch (what) {
    case 'reprioritize':
      return commands.reprioritize(taskId, chance.whole(0, 5));
    case 'comment':
      return commands.comment(taskId, { body: 'How is it going?' });
    case 'edit':
      return commands.edit(taskId, { title: `Again ${chance.whole(1, 99)}` });
    case 'link':
      return commands.link(otherId, taskId);
    case 'unlink':
      return commands.unlink(otherId, taskId);
    case 'reclaim':
      return commands.reclaim(taskId, 'I need it back');
    case 'complete':
      return commands.complete(taskId, { summary: 'by hand' });
    case 'block':
      return commands.block(taskId, { cause: 'operator', reason: 'wait' });
    case 'unblock':
      return commands.unblock(taskId);
    case 'archive':
      return commands.archive(taskId);
    case 'promote':
      return commands.promote(taskId, { forced: true });
    case 'review':
      return commands.review(taskId, { approve: chance.happens(0.5), reason: 'not yet' });
    case 'reopen':
      return commands.reopen(taskId);
    case 'reset':
      return commands.resetFailures(taskId);
    case 'pause':
      return commands.changeBoard({ type: 'PauseBoard' });
    case 'resume':
      return commands.changeBoard({ type: 'ResumeBoard' });
  }
}

/** A program that claims through a door, works, and sometimes is never heard of again. */
async function workOutside(stage: Stage): Promise<void> {
  const actor = stage.newActor('outside');
  const chance = stage.chance.fork('outside');
  const caller = { actor: { kind: 'worker', id: 'outside' }, surface: 'http' } as const;
  const commands = commandsFor(stage, actor, caller);
  for (;;) {
    await actor.pause(chance.between(500, 3_000));
    const wanted = [...stage.watch.ledger.tasks.values()].filter(
      ({ assignee, standing }) => assignee === 'outside' && standing === 'queued',
    );
    if (wanted.length === 0) continue;
    await workOn(chance.pick(wanted).taskId).catch(unlessAnswered);
  }

  async function workOn(taskId: string): Promise<void> {
    const claim = await commands.claim(taskId, { ttlMs: stage.policy.claimTtlMs });
    if (claim.refused) return;
    const { runId } = claim;
    const own = commandsFor(stage, actor, { ...caller, actor: { kind: 'worker', id: runId } });
    // In fair weather nobody is late.
    const beats = stage.isFoul() ? chance.whole(1, 4) : 0;
    for (let beat = 1; beat <= beats; beat += 1) {
      await actor.pause(stage.policy.claimTtlMs * chance.between(0.8, 1.02));
      const answer = await own.heartbeat(runId);
      if (answer.refused) return;
    }
    if (stage.isFoul() && chance.happens(0.3)) return;
    await actor.pause(chance.between(100, stage.isFoul() ? 6_000 : 1_000));
    const answer = await persist(actor, () => own.completeRun(runId, { summary: 'from outside' }));
    if (isAccepted(answer)) stage.watch.acknowledged(runId, 'complete');
  }
}

/** Somebody who inherited a run's name, but not its token. */
export async function forge(stage: Stage, chance: Chance): Promise<void> {
  const open = [...stage.watch.ledger.runs.values()].filter(
    ({ ending, kind }) => ending === undefined && kind === 'worker',
  );
  if (open.length === 0) return;
  const { runId } = chance.pick(open);
  const actor = stage.newActor(`forger of ${runId}`);
  const caller = { actor: { kind: 'worker', id: runId }, surface: 'cli' } as const;
  const commands = commandsFor(stage, actor, caller);
  const answer = await commands
    .completeRun(runId, { summary: 'forged' }, { tokenHash: hashOf('') })
    .catch(() => undefined);
  if (isAccepted(answer)) stage.watch.letIn(runId, 'completed');
}
