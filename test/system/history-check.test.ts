/**
 * The check of histories: what can have happened is accepted, what cannot is found. A failure
 * prints its seed; `LOGBOARD_TEST_SEED=<seed>` tells it again.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { retryDelayMs } from '../../src/domain/policy.ts';
import type { Answer, Answered, DeedName, Standing } from '../../tools/stress/claim-model.ts';
import { findUnexplained, type Model, type Timed } from '../../tools/stress/linearize.ts';
import { chosenSeed } from '../kit/seed.ts';
import {
  anyHistories,
  claimModel,
  goodHistories,
  type History,
  rules,
  withAnswer,
} from './histories.ts';

const isExplained = (history: History) => findUnexplained(claimModel, history) === undefined;

/** A deed of the worker of a run, asked for and answered at these moments of either clock. */
function deed(
  name: DeedName,
  runId: string,
  [askedAtMs, answeredAtMs]: readonly [from: number, to: number],
  answer: Answer = 'accepted',
): Timed<Answered> {
  return {
    operation: { name, taskId: 'T-1', runId, tokenOf: runId, askedAtMs, answer, answeredAtMs },
    invokedAtNs: BigInt(askedAtMs),
    answeredAtNs: BigInt(answeredAtMs),
  };
}

it('accepts every history of what one deed after the other led to', () => {
  const accepted = fc.property(goodHistories(60), (history) => isExplained(history));
  fc.assert(accepted, { ...chosenSeed, numRuns: 5_000 });
});

it('finds every completion that is said to be accepted after its run was over', () => {
  let forged = 0;
  const rejected = fc.property(goodHistories(60), fc.nat(), (history, which) => {
    const late = history.filter((timed) => isLateCompletion(timed, history));
    fc.pre(late.length > 0);
    const stale = late[which % late.length]!;
    forged += 1;
    return !isExplained(
      history.map((timed) => (timed === stale ? withAnswer(timed, 'accepted') : timed)),
    );
  });
  fc.assert(rejected, { ...chosenSeed, numRuns: 2_000, maxSkipsPerRun: 100 });
  expect(forged).toBeGreaterThanOrEqual(2_000);
});

it('finds a second claim that is said to be accepted while the first one holds', () => {
  const [first, second] = [deed('claim', 'R-1', [1, 3]), deed('claim', 'R-2', [2, 4])];

  expect(isExplained([first, second])).toBe(false);
  expect(isExplained([first, second, deed('complete', 'R-1', [1, 4])])).toBe(false);
  expect(isExplained([first])).toBe(true);
});

it('knows how long a release holds a task', () => {
  const ended = [deed('claim', 'R-1', [1, 2]), deed('release', 'R-1', [10, 14])];
  const first = 10 + retryDelayMs(1, 'R-1', rules);
  const last = 14 + retryDelayMs(1, 'R-1', rules);
  const then = (answer: Answer, from: number, to: number) =>
    isExplained([...ended, deed('claim', 'R-2', [from, to], answer)]);

  expect(then('accepted', 15, first - 1)).toBe(false);
  expect(then('accepted', 15, first)).toBe(true);
  expect(then('held_until', last - 1, last + 9)).toBe(true);
  expect(then('held_until', last, last + 9)).toBe(false);
  expect(then('not_ready', 15, last + 9)).toBe(false);
});

it('knows that a reclaim holds a task the second time only', () => {
  const lost = [deed('claim', 'R-1', [1, 2]), deed('reclaim', 'R-1', [10, 10])];
  const again = [...lost, deed('claim', 'R-2', [11, 12]), deed('reclaim', 'R-2', [20, 20])];
  const until = 20 + retryDelayMs(1, 'R-2', rules);

  expect(isExplained([...lost, deed('claim', 'R-2', [11, 12], 'held_until')])).toBe(false);
  expect(isExplained([...again, deed('claim', 'R-3', [21, until - 1])])).toBe(false);
  expect(isExplained([...again, deed('claim', 'R-3', [21, until - 1], 'held_until')])).toBe(true);
});

it('knows that the next hold is longer, and that a run that was claimed has none', () => {
  const story = [
    deed('claim', 'R-1', [1, 2]),
    deed('reclaim', 'R-1', [10, 10]),
    deed('claim', 'R-2', [11, 12]),
    deed('reclaim', 'R-2', [20, 20]),
  ];
  const claimedAtMs = 20 + retryDelayMs(1, 'R-2', rules);
  const third = deed('claim', 'R-3', [claimedAtMs, claimedAtMs]);
  const from = claimedAtMs + 10;
  const until = from + retryDelayMs(2, 'R-3', rules);
  const again = [...story, third, deed('reclaim', 'R-3', [from, from])];

  expect(isExplained([...story, third, deed('claim', 'R-4', [from, from], 'held_until')])).toBe(
    false,
  );
  expect(isExplained([...again, deed('claim', 'R-4', [from, until - 1])])).toBe(false);
  expect(isExplained([...again, deed('claim', 'R-4', [from, until])])).toBe(true);
});

it('knows when a task is halted, and what lifts a halt or a hold', () => {
  const [one, two] = [deed('release', 'R-1', [10, 10]), deed('release', 'R-2', [1_010, 1_010])];
  const claims = [deed('claim', 'R-1', [1, 2]), deed('claim', 'R-2', [1_000, 1_001])];
  const halted = [...claims, one, two];
  const lifted = deed('unblock', '', [1_020, 1_020]);
  const third = (answer?: Answer) => deed('claim', 'R-3', [1_900, 1_901], answer);

  expect(isExplained([...halted, third()])).toBe(false);
  expect(isExplained([...halted, third('held_until')])).toBe(false);
  expect(isExplained([...halted, third('not_ready')])).toBe(true);
  expect(isExplained([...halted, lifted, third()])).toBe(true);
  const early = deed('claim', 'R-2', [12, 13]);
  expect(isExplained([claims[0]!, one, early])).toBe(false);
  expect(isExplained([claims[0]!, one, deed('unblock', '', [11, 11]), early])).toBe(true);
});

it('does not take one order for another because the same was done in both', () => {
  const register: Model<number, { write: number } | { read: number }> = {
    start: 0,
    step(value, operation) {
      if ('write' in operation) return operation.write;
      return operation.read === value ? value : undefined;
    },
    keyOf: String,
  };
  const at = (invokedAtNs: bigint, answeredAtNs: bigint) => ({ invokedAtNs, answeredAtNs });
  const written = [
    { operation: { write: 1 }, ...at(1n, 9n) },
    { operation: { write: 2 }, ...at(1n, 9n) },
  ];
  const read = (value: number) => ({ operation: { read: value }, ...at(10n, 11n) });

  expect(findUnexplained(register, [...written, read(1)])).toBe(undefined);
  expect(findUnexplained(register, [...written, read(2)])).toBe(undefined);
  expect(findUnexplained(register, [...written, read(0)])).toEqual(read(0));
});

it('agrees with whoever tries every order there is', () => {
  const verdicts = { explained: 0, unexplained: 0 };
  const agreed = fc.property(anyHistories(6), (history) => {
    const explained = someOrderExplains(claimModel.start, history);
    verdicts[explained ? 'explained' : 'unexplained'] += 1;
    return isExplained(history) === explained;
  });
  fc.assert(agreed, { ...chosenSeed, numRuns: 3_000 });
  expect(Math.min(verdicts.explained, verdicts.unexplained)).toBeGreaterThan(100);
});

/** A completion that was refused, and began after somebody had been told of the end of its run. */
function isLateCompletion({ operation, invokedAtNs }: Timed<Answered>, history: History): boolean {
  if (operation.name !== 'complete' || operation.answer !== 'stale_run') return false;
  return history.some(
    ({ operation: { name, runId, answer }, answeredAtNs }) =>
      ['complete', 'block', 'release', 'reclaim'].includes(name) &&
      runId === operation.runId &&
      answer === 'accepted' &&
      answeredAtNs !== undefined &&
      answeredAtNs < invokedAtNs,
  );
}

/** Tries every operation that may come next, and everything after it. */
function someOrderExplains(task: Standing, left: History): boolean {
  if (left.every(({ answeredAtNs }) => answeredAtNs === undefined)) return true;
  return left.some((timed) => {
    const isFirst = left.every(
      ({ answeredAtNs }) => answeredAtNs === undefined || answeredAtNs >= timed.invokedAtNs,
    );
    const next = isFirst ? claimModel.step(task, timed.operation) : undefined;
    if (next === undefined) return false;
    return someOrderExplains(
      next,
      left.filter((other) => other !== timed),
    );
  });
}
