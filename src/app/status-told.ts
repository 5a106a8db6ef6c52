/** A refusal in the words of people: decisions know a task as queued, nobody else does. */
import { statusOf } from '../domain/readiness.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Loader } from './load.ts';
import { readParents } from './plans.ts';

/**
 * The refusal, with the status that people see: whether a queued task is waiting, scheduled or
 * ready depends on its parents and on the clock, of which most decisions know nothing.
 */
export async function withStatusTold(
  refusal: Refusal,
  { nowMs, loader }: { readonly nowMs: number; readonly loader: Loader },
): Promise<Refusal> {
  const { status, taskId } = refusal.facts;
  if (status !== 'queued' || typeof taskId !== 'string') return refusal;
  const { state } = await loader.task(taskId);
  if (state === undefined) return refusal;
  const { open } = await readParents(loader, state);
  const told = statusOf(state, { openParents: open.length, nowMs });
  return { ...refusal, facts: { ...refusal.facts, status: told } };
}
