/** What `logboard doctor` looks at: the machine first, then the board. It changes nothing. */
import { existsSync } from 'node:fs';
import type { Finding } from '../cli/root.ts';
import { logPlace } from '../log/sqlite/place.ts';
import type { SqliteLogDeps } from '../log/sqlite/sqlite-log.ts';
import { diagnoseBoard } from './diagnose-board.ts';
import { diagnoseMachine, type Machine } from './diagnose-machine.ts';
import { warn } from './finding.ts';

/** Everything there is to find, in the order it was looked at. */
export async function* diagnose(
  directory: string,
  parts: Machine & { readonly log: SqliteLogDeps },
): AsyncGenerator<Finding> {
  yield* diagnoseMachine(parts);
  const { database, wake } = logPlace(directory);
  if (existsSync(database) || existsSync(wake)) yield* diagnoseBoard(directory, parts.log);
  else yield warn('board', `there is none at ${directory}`, 'Create it with `logboard init`.');
}
