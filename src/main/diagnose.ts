/**
 * What `logboard doctor` looks at: the machine first, then the board. It changes nothing; tables
 * that are behind it catches up, as every reader does.
 */
import type { Finding } from '../cli/upkeep.ts';
import { diagnoseBoard } from './diagnose-board.ts';
import { diagnoseKeys } from './diagnose-keys.ts';
import { diagnoseMachine, type Machine } from './diagnose-machine.ts';
import { bad, warn } from './finding.ts';
import type { MachineWithKeys } from './keys.ts';
import { BoardNotReadable, type Stat, seeBoard } from './see-board.ts';

/** Everything there is to find, in the order it was looked at. */
export async function* diagnose(
  directory: string,
  parts: Machine & { readonly log: MachineWithKeys },
): AsyncGenerator<Finding> {
  yield* diagnoseMachine(parts);
  const missing = findMissing(directory);
  if (missing !== undefined) {
    yield missing;
    return;
  }
  yield* diagnoseBoard(directory, parts);
  yield* diagnoseKeys(directory, parts.log);
}

/** What is to be said in the place of a board that cannot be looked at; undefined when it can. */
export function findMissing(directory: string, stat?: Stat): Finding | undefined {
  try {
    if (seeBoard(directory, stat)) return undefined;
  } catch (fault) {
    if (fault instanceof BoardNotReadable) return bad('board', fault.message, fault.hint);
    throw fault;
  }
  return warn('board', `there is none at ${directory}`, 'Create it with `logboard init`.');
}
