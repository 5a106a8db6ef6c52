/**
 * The check of histories: what can have happened is accepted, what cannot is found. A failure
 * prints its seed; `LOGBOARD_TEST_SEED=<seed>` tells it again.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Answered, claimModel } from '../../tools/stress/claim-model.ts';
import { findUnexplained, type Model, type Timed } from '../../tools/stress/linearize.ts';
import { chosenSeed } from '../kit/seed.ts';
import { anyHistories, goodHistories, type History, withAnswer } from './histories.ts';

const isExplained = (history: History) => findUnexplained(claimModel, history) === undefined;

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
  const deed = (name: 'claim' | 'complete', runId: string, from: bigint, to: bigint) => ({
    operation: { name, taskId: 'T-1', runId, tokenOf: runId, answer: 'accepted' } as const,
    invokedAtNs: from,
    answeredAtNs: to,
  });
  const [first, second] = [deed('claim', 'R-1', 1n, 3n), deed('claim', 'R-2', 2n, 4n)];

  expect(isExplained([first, second])).toBe(false);
  expect(isExplained([first, second, deed('complete', 'R-1', 1n, 4n)])).toBe(false);
  expect(isExplained([first])).toBe(true);
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
function someOrderExplains(holder: string, left: History): boolean {
  if (left.every(({ answeredAtNs }) => answeredAtNs === undefined)) return true;
  return left.some((timed) => {
    const isFirst = left.every(
      ({ answeredAtNs }) => answeredAtNs === undefined || answeredAtNs >= timed.invokedAtNs,
    );
    const next = isFirst ? claimModel.step(holder, timed.operation) : undefined;
    if (next === undefined) return false;
    return someOrderExplains(
      next,
      left.filter((other) => other !== timed),
    );
  });
}
