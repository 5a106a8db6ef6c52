/**
 * One death: tasks are made, a dispatcher takes them up and dies in a gap, another one goes on.
 *
 * Nobody disturbs the workers, so whatever happened to their dispatchers, every task has to be
 * worked on exactly once, from its beginning to its end, and nothing may be left that works.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { monotonicMs } from '../bench/measure.ts';
import { brokenInvariants } from '../trial/broken-invariants.ts';
import { misdeeds, readDiary } from '../trial/diary.ts';
import { isLiving, workersOf } from '../trial/remains.ts';
import type { Trial } from '../trial/trial.ts';
import { allDone, cameTrue } from '../trial/waiting.ts';
import { type Doom, mayHaveEnded } from './mortal.ts';
import type { LastWord, Order } from './mortal-dispatcher.ts';

/** What came of one death. */
export interface Aftermath extends Doom {
  /** How long after the death the task in the gap was claimed again; undefined when it was not. */
  readonly claimedAgainMs: number | undefined;
  /** How long after the death the next dispatcher began. */
  readonly nextBeganMs: number;
  /** How long after the death all tasks were done. */
  readonly doneMs: number;
  /** Whether the run in the gap had ended, and its task with it, when the dispatcher was dead. */
  readonly hadEnded: boolean;
  /** What must not be, in words. */
  readonly wrongs: readonly string[];
}

/** Where, with what, and how one dispatcher dies. */
export interface Killing {
  readonly trial: Trial;
  /** The diary of the workers. */
  readonly diary: string;
  /** The Node program `mortal-dispatcher`. */
  readonly program: string;
  readonly doom: Doom & Pick<Order, 'delayUs'>;
  /** Distinguishes the dispatchers of one board. */
  readonly serial: number;
}

/** Tasks of one death: as many as there are passages to die in. */
export const tasksPerDeath = 3;

/** How long the next dispatcher may take for everything, in ms. */
const patienceMs = 30_000;

/** Lets one dispatcher die and the next one go on. */
export async function killOne({
  trial,
  diary,
  program,
  doom,
  serial,
}: Killing): Promise<Aftermath> {
  const { gap, passage } = doom;
  const taskIds = await trial.createTasks(tasksPerDeath, 'script');
  const order = { ...doom, place: trial.place, dispatcherId: `mortal-${serial}` };
  const word = await untilDeath(program, order);
  if (word === undefined) return deathless(doom);
  const wrongs = [...(await brokenInvariants(trial.board))];
  const { taskId, outcome } = (await trial.board.read()).run(word.runId) ?? {};
  const hadEnded = typeof outcome === 'string';
  if (taskId === undefined) wrongs.push(`nobody knows the run in the gap: ${word.runId}`);
  if (hadEnded && !mayHaveEnded(gap)) wrongs.push(`the run in the gap ${gap} had ended already`);
  let claimedAgainMs: number | undefined;
  const nextBeganMs = monotonicMs() - word.atMonoMs;
  const next = await trial.dispatch(`next-${serial}`, (what, facts) => {
    if (what !== 'claimed' || facts['taskId'] !== taskId) return;
    claimedAgainMs ??= monotonicMs() - word.atMonoMs;
  });
  if (!(await allDone(trial, taskIds, patienceMs))) wrongs.push('its tasks are not done');
  const doneMs = monotonicMs() - word.atMonoMs;
  wrongs.push(...(await leftBehind(trial, word)));
  await next.stop();
  const entries = readDiary(diary);
  wrongs.push(...taskIds.flatMap((each) => misdeeds(entries, each)));
  wrongs.push(...(await brokenInvariants(trial.board)));
  return { gap, passage, claimedAgainMs, nextBeganMs, doneMs, hadEnded, wrongs };
}

function deathless({ gap, passage }: Doom): Aftermath {
  const wrongs = [`it never came to the gap ${gap}, passage ${passage}`];
  const never = { claimedAgainMs: undefined, nextBeganMs: 0, doneMs: 0, hadEnded: false };
  return { gap, passage, ...never, wrongs };
}

/** Resolves with its last word when it is dead; undefined when nothing killed it. */
async function untilDeath(program: string, order: Order): Promise<LastWord | undefined> {
  const child = spawn(process.execPath, [program, JSON.stringify(order)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const tooLong = setTimeout(() => child.kill('SIGTERM'), patienceMs);
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
  });
  const [, signal] = await once(child, 'close');
  clearTimeout(tooLong);
  return signal === 'SIGKILL' ? (JSON.parse(said) as LastWord) : undefined;
}

/** Processes of the board or of the dead one, and slots that living processes hold. */
async function leftBehind({ host, place }: Trial, { children }: LastWord): Promise<string[]> {
  const left = () => [
    ...workersOf(place.directory).map((pid) => `process ${pid} of the board is left`),
    ...children.filter(isLiving).map((pid) => `child ${pid} of the dead dispatcher is left`),
    ...host.slots
      .list()
      .filter(({ holder }) => host.processes.probe(holder).verdict !== 'dead')
      .map(({ nonce }) => `slot ${nonce} is held`),
  ];
  await cameTrue(() => left().length === 0, patienceMs);
  return left();
}
