/** Histories of claims, told by chance: what hands did to one task, and when. */
import fc from 'fast-check';
import { defaultPolicy } from '../../src/domain/policy.ts';
import {
  type Answered,
  createClaimModel,
  type DeedName,
  type Standing,
} from '../../tools/stress/claim-model.ts';
import type { Timed } from '../../tools/stress/linearize.ts';

/** Rules under which holds last for two deeds or more, and a story is long enough for a halt. */
export const rules = { ...defaultPolicy, retryBackoffMs: 40, recoveryLimit: 4, releaseLimit: 2 };

/** What becomes of a task by these rules. */
export const claimModel = createClaimModel(rules);

/** What hands did to one task. */
export type History = readonly Timed<Answered>[];

/** A deed, how long before its effect it was asked for, and how long after it was answered. */
interface Told {
  readonly name: DeedName;
  /** Which of the runs so far, counted from the newest. */
  readonly back: number;
  readonly early: number;
  readonly late: number;
  /** How the answer was lost, if it was. */
  readonly lost: 'no' | 'done' | 'not_done';
}

const names: readonly DeedName[] = [
  'claim',
  'claim',
  'heartbeat',
  'complete',
  'block',
  'release',
  'reclaim',
  'reclaim',
  'unblock',
];

/**
 * Deeds take effect this far apart; those that are early or late overlap with some others. A
 * nanosecond of one clock is a millisecond of the other, so that holds overlap with deeds as well.
 */
const apart = 10;

const told: fc.Arbitrary<Told> = fc.record({
  name: fc.constantFrom(...names),
  back: fc.nat(3),
  early: fc.nat(40),
  late: fc.nat(40),
  lost: fc.constantFrom('no', 'no', 'no', 'no', 'no', 'no', 'no', 'no', 'done', 'not_done'),
});

/** Histories of up to `size` deeds that happened, each with the answer it had to get. */
export function goodHistories(size: number): fc.Arbitrary<History> {
  return fc.array(told, { minLength: 1, maxLength: size, size: 'max' }).map(tell);
}

/** Histories of up to `size` deeds whose answers are anybody's guess. */
export function anyHistories(size: number): fc.Arbitrary<History> {
  const answers = [
    ...(['accepted', 'stale_run', 'already_claimed', 'not_ready', 'held_until'] as const),
    undefined,
  ];
  const guessed = fc.tuple(told, fc.option(fc.constantFrom(...answers), { nil: 'right' as const }));
  return fc.array(guessed, { minLength: 1, maxLength: size }).map((guesses) =>
    tell(guesses.map(([each]) => each)).map((timed, index) => {
      const answer = guesses[index]![1];
      return answer === 'right' ? timed : withAnswer(timed, answer);
    }),
  );
}

/** The same deed with another answer. */
export function withAnswer(
  { operation, invokedAtNs, answeredAtNs }: Timed<Answered>,
  answer: Answered['answer'],
): Timed<Answered> {
  const isLost = answer === undefined || answeredAtNs === undefined;
  return {
    operation: isLost
      ? { ...operation, answer: undefined, answeredAtMs: undefined }
      : { ...operation, answer },
    invokedAtNs,
    answeredAtNs: isLost ? undefined : answeredAtNs,
  };
}

/** Lets deeds happen one after the other, and asks for and answers them earlier and later. */
function tell(deeds: readonly Told[]): History {
  const runs: string[] = [];
  let task = claimModel.start;
  return deeds.map((deed, index): Timed<Answered> => {
    const { name, back, early, late, lost } = deed;
    const runId = name === 'claim' ? `R-${index}` : (runs.at(-1 - back) ?? 'R-none');
    const wanted = { name, taskId: 'T-1', runId, tokenOf: runId };
    const at = (index + 10) * apart;
    const atOnce = { ...wanted, askedAtMs: at, answer: 'accepted', answeredAtMs: at } as const;
    const accepted = claimModel.step(task, atOnce);
    if (name === 'claim') runs.push(runId);
    const answer = accepted === undefined ? refusal(task, name) : 'accepted';
    if (accepted !== undefined && lost !== 'not_done') task = accepted;
    const [askedAtMs, answeredAtMs] = [at - early, at + late];
    const timed = {
      operation: { ...wanted, askedAtMs, answer, answeredAtMs },
      invokedAtNs: BigInt(askedAtMs),
      answeredAtNs: BigInt(answeredAtMs),
    };
    return lost === 'no' ? timed : withAnswer(timed, undefined);
  });
}

function refusal({ holder }: Standing, name: DeedName): NonNullable<Answered['answer']> {
  if (name === 'unblock') return 'wrong_status';
  if (name !== 'claim') return 'stale_run';
  if (holder === 'queued') return 'held_until';
  return holder.startsWith('R-') ? 'already_claimed' : 'not_ready';
}
