/**
 * Whether operations that overlapped in time can have happened one after the other: the search of
 * Wing and Gong, with the cache of Lowe that makes it fast enough.
 *
 * An operation took effect at some moment between its invocation and its answer. The search tries
 * to put one operation after the other, beginning with those that were invoked before any other
 * that is left was answered, and goes back when no answer fits the state any more. Whoever has
 * several objects that do not depend on each other looks at each history by itself.
 */

/** A thing as it would behave if one operation came after the other. */
export interface Model<S, O> {
  readonly start: S;
  /** The state after the operation; undefined when its answer cannot be given in this state. */
  step(state: S, operation: O): S | undefined;
  /** Equal for states that behave alike. */
  keyOf(state: S): string;
}

/** An operation, and when somebody asked for it and was answered, by one monotonic clock. */
export interface Timed<O> {
  readonly operation: O;
  readonly invokedAtNs: bigint;
  /** Undefined: no answer came. It took effect at any moment since, or never will. */
  readonly answeredAtNs: bigint | undefined;
}

/** An invocation or an answer, in the order of time. */
interface Point {
  readonly index: number;
  readonly isAnswer: boolean;
  readonly atNs: bigint;
}

/** A placed operation, and what to go back to. */
interface Placed<S> {
  readonly index: number;
  readonly at: number;
  readonly before: S;
}

/**
 * The operation that no order explains: the one whose answer stopped the search where it had come
 * furthest. Undefined when the history can be explained.
 */
export function findUnexplained<S, O>(
  model: Model<S, O>,
  history: readonly Timed<O>[],
): Timed<O> | undefined {
  const points = pointsOf(history);
  const placed: Placed<S>[] = [];
  const seen = new Set<string>();
  let state = model.start;
  let done = 0n;
  let furthest = { count: -1, index: 0 };
  for (let at = 0; at < points.length; ) {
    const { index, isAnswer } = points[at]!;
    const bit = 1n << BigInt(index);
    if ((done & bit) !== 0n) {
      at += 1;
    } else if (isAnswer) {
      if (placed.length > furthest.count) furthest = { count: placed.length, index };
      const last = placed.pop();
      if (last === undefined) return history[furthest.index];
      state = last.before;
      done ^= 1n << BigInt(last.index);
      at = last.at + 1;
    } else {
      const next = model.step(state, history[index]!.operation);
      if (next === undefined || !isNew(seen, done | bit, model.keyOf(next))) {
        at += 1;
        continue;
      }
      placed.push({ index, at, before: state });
      state = next;
      done |= bit;
      at = 0;
    }
  }
  return undefined;
}

/** The same operations placed with the same outcome once more lead nowhere new. */
function isNew(seen: Set<string>, done: bigint, state: string): boolean {
  const key = `${done.toString(36)} ${state}`;
  if (seen.has(key)) return false;
  seen.add(key);
  return true;
}

/** In doubt an invocation comes before an answer: the two may have overlapped. */
function pointsOf(history: readonly Timed<unknown>[]): readonly Point[] {
  const points = history.flatMap(({ invokedAtNs, answeredAtNs }, index): Point[] => {
    const invocation = { index, isAnswer: false, atNs: invokedAtNs };
    if (answeredAtNs === undefined) return [invocation];
    return [invocation, { index, isAnswer: true, atNs: answeredAtNs }];
  });
  return points.sort((a, b) => sign(a.atNs - b.atNs) || Number(a.isAnswer) - Number(b.isAnswer));
}

function sign(difference: bigint): number {
  if (difference === 0n) return 0;
  return difference < 0n ? -1 : 1;
}
