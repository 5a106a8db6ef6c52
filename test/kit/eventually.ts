/** Waits for a fact about another process, which has no promise to give. */

/** How often the fact is looked at, in ms. */
const lookEveryMs = 10;

/**
 * Resolves with the first truthy value of `look`. Rejects after `withinMs`: the fact that was
 * expected, and the last error if looking itself failed.
 */
export async function eventually<T>(
  fact: string,
  look: () => T | Promise<T>,
  withinMs = 10_000,
): Promise<NonNullable<T>> {
  const deadlineMs = performance.now() + withinMs;
  let cause: unknown;
  do {
    try {
      const value = await look();
      if (value) {
        return value;
      }
    } catch (error) {
      cause = error;
    }
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  } while (performance.now() < deadlineMs);
  throw new Error(`did not happen within ${withinMs} ms: ${fact}`, { cause });
}
