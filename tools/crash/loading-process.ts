/**
 * A process that works on a board until it is killed: creates, links, claims, beats, completes,
 * crashes and comments, many at a time, and says every acknowledged position on a line of its own.
 */
import type { Refusal } from '../../src/domain/refusal.ts';
import { openBoardAt } from '../../src/main.ts';
import { createChance } from '../trial/chance.ts';

const [directory = '', seed = '1'] = process.argv.slice(2);
const board = await openBoardAt(directory, { access: 'create', policy: undefined });
const operator = board.as({ actor: { kind: 'human', id: 'load' }, surface: 'sdk' });
const evidence = { seen: 'a test' };
const crash = { type: 'CrashRun', exit: { signal: 'SIGKILL' }, error: 'killed', evidence } as const;
const lanes = 20;

await Promise.all(Array.from({ length: lanes }, (_, lane) => work(lane)));

/** Takes task after task through a life that the seed chooses, so that rounds differ. */
async function work(lane: number): Promise<void> {
  const chance = createChance(seed).fork(`lane ${lane}`);
  let parent: string | undefined;
  for (let turn = 0; ; turn += 1) {
    const fate = chance.below(10);
    const parents = parent !== undefined && fate < 3 ? [parent] : [];
    const created = said(await operator.create({ title: `task ${lane}.${turn}`, parents }));
    if (created === undefined) continue;
    parent = await live(created.taskId, fate);
  }
}

/** One life; answers the task when it is done, so that others can build on it. */
async function live(taskId: string, fate: number): Promise<string | undefined> {
  const claim = said(await operator.claim(taskId));
  if (claim === undefined) return undefined;
  const { runId } = claim;
  const worker = board.as({ actor: { kind: 'worker', id: runId }, surface: 'sdk' });
  said(await worker.heartbeat(runId, { note: 'begun', progress: 0.1 }));
  if (fate === 4) said(await operator.reclaim(taskId, 'taken back'));
  if (fate === 5) said(await operator.endRun(runId, crash));
  said(await operator.comment(taskId, { body: `fate was ${fate}` }));
  const done = said(await worker.completeRun(runId, { summary: 'done' }));
  if (fate === 6) said(await operator.archive(taskId));
  return done === undefined ? undefined : taskId;
}

/** An answer that was acknowledged is told to whoever watches; a refusal is no answer. */
function said<T extends { readonly refused: false; readonly position: number }>(
  answer: T | Refusal,
): T | undefined {
  if (answer.refused) return undefined;
  process.stdout.write(`${answer.position}\n`);
  return answer;
}
