/** Which events end their run, and how. No schema stands here: the page folds, too. */
import type { RunOutcome } from '../task/outcomes.ts';

/** The terminal event types and the outcome each one stands for. */
export const terminalOutcomes = {
  RunCompleted: 'completed',
  RunBlocked: 'blocked',
  RunReleased: 'released',
  RunReclaimed: 'reclaimed',
  RunCrashed: 'crashed',
  RunTimedOut: 'timed_out',
  RunWentStale: 'stale',
  SpawnFailed: 'spawn_failed',
  ProtocolViolated: 'protocol_violated',
  RunRateLimited: 'rate_limited',
  RunCanceled: 'canceled',
} as const satisfies Readonly<Record<string, RunOutcome>>;

export type TerminalType = keyof typeof terminalOutcomes;

/** Whether an event ends its run. */
export function isTerminal<E extends { readonly type: string }>(
  event: E,
): event is Extract<E, { readonly type: TerminalType }> {
  return event.type in terminalOutcomes;
}
