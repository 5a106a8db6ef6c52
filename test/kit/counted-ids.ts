/** Ids that are counted up: the same test makes the same ids. */
import { derivedTaskId } from '../../src/app/derived-id.ts';
import type { BoardIds } from '../../src/app/session.ts';

/** Ids from 1 on; those of tasks with an idempotency key derive from it, as everywhere. */
export function createCountedIds(): BoardIds {
  let count = 0;
  const next = (chars: number) => {
    count += 1;
    return String(count).padStart(chars, '0');
  };
  return {
    taskId: (key, round = 0) => (key === undefined ? `T-${next(10)}` : derivedTaskId(key, round)),
    runId: () => `R-${next(12)}`,
    commandId: () => `command-${next(6)}`,
  };
}
