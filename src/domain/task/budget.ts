/**
 * What each way to end without success is counted as. Every one of them is: whatever sends a task
 * back to the queue has a limit, counted since the last success or a person's word, so that no
 * mixture of endings goes round for ever.
 *
 * | the run ended as | counts as |
 * |---|---|
 * | crashed, timed out, could not be started, left without an answer | failure |
 * | the same, while its assignee fails alike everywhere (an outage) | hold |
 * | rate limited | hold |
 * | reclaimed, stale | recovery |
 * | given back | release |
 * | reclaimed by a person, canceled | nothing: each takes somebody's word |
 */
import type { Actor } from '../event.ts';
import type { Interruption } from '../policy.ts';
import { failureOutcomes, interruptionOf, type RunOutcome } from './outcomes.ts';

/** What a limit is set to. */
export type Budget = 'failures' | Interruption;

/**
 * What an ending counts as for its task, which had `failuresBefore`; undefined when it does not
 * count. A failure that left the count as it was is one that an outage is to blame for.
 */
export function budgetOf(
  failuresBefore: number,
  ended: { readonly outcome: RunOutcome; readonly failures: number },
  endedBy: Actor['kind'],
): Budget | undefined {
  const { outcome, failures } = ended;
  if (failureOutcomes.has(outcome)) return failures > failuresBefore ? 'failures' : 'holds';
  const isPersonsWord = outcome === 'reclaimed' && endedBy === 'human';
  return isPersonsWord ? undefined : interruptionOf[outcome];
}
