/** What `logboard doctor` looks at: the machine first, then the board. It changes nothing. */
import { existsSync } from 'node:fs';
import type { Finding } from '../cli/upkeep.ts';
import { logPlace } from '../log/sqlite/place.ts';
import { diagnoseBoard } from './diagnose-board.ts';
import { diagnoseKeys } from './diagnose-keys.ts';
import { diagnoseMachine, type Machine } from './diagnose-machine.ts';
import { warn } from './finding.ts';
import type { MachineWithKeys } from './keys.ts';

/** Everything there is to find, in the order it was looked at. */
export async function* diagnose(
  directory: string,
  parts: Machine & { readonly log: MachineWithKeys },
): AsyncGenerator<Finding> {
  yield* diagnoseMachine(parts);
  const { database, wake } = logPlace(directory);
  if (!existsSync(database) && !existsSync(wake)) {
    yield warn('board', `there is none at ${directory}`, 'Create it with `logboard init`.');
    return;
  }
  yield* diagnoseBoard(directory, parts.log);
  yield* diagnoseKeys(directory, parts.log);
}
