/** Who calls a board in tests, and what they make of its answers. */
import type { Caller } from '../../src/app/plan.ts';
import type { Refusal } from '../../src/domain/refusal.ts';

/** A person at the command line. */
export const ada: Caller = { actor: { kind: 'human', id: 'ada' }, surface: 'cli' };

/** The dispatcher of a machine called quay. */
export const dispatcher: Caller = {
  actor: { kind: 'dispatcher', id: 'quay' },
  surface: 'dispatcher',
};

/** The worker of a run. */
export function workerOf(runId: string): Caller {
  return { actor: { kind: 'worker', id: runId }, surface: 'sdk' };
}

/** The answer, which must not be a refusal. */
export async function accepted<T extends { readonly refused: false }>(
  answer: Promise<T | Refusal>,
): Promise<T> {
  const given = await answer;
  if (given.refused) throw new Error(`refused as ${given.code}: ${given.message}`);
  return given;
}

/** The refusal, which must not be an answer. */
export async function refused(answer: Promise<{ readonly refused: boolean }>): Promise<Refusal> {
  const given = await answer;
  if (!given.refused) throw new Error(`accepted: ${JSON.stringify(given)}`);
  return given as Refusal;
}
