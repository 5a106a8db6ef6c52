/** Options of the verbs that dispatch: settings of the policy that are worth a flag. */
import type { Command } from 'commander';
import { said } from '../domain/said.ts';
import { count } from './parsers.ts';

/** What these options come to. */
export interface FleetOptions {
  readonly maxRunning?: number;
  readonly maxRunningPerAssignee?: number;
  readonly failureLimit?: number;
  readonly defaultAssignee?: string;
}

/** Declares the options. */
export function declareFleetOptions(command: Command): Command {
  return command
    .option('--max-running <n>', 'workers at once on this host', count)
    .option('--max-running-per-assignee <n>', 'workers at once of one assignee', count)
    .option('--failure-limit <n>', 'failures in a row that halt a task', count)
    .option('--default-assignee <name>', 'who gets tasks that name nobody');
}

/** The settings as flags: they win over the environment and the file. */
export function policyFlags(options: FleetOptions): Readonly<Record<string, unknown>> {
  const { maxRunning, maxRunningPerAssignee, failureLimit, defaultAssignee } = options;
  return said({ maxRunning, maxRunningPerAssignee, failureLimit, defaultAssignee });
}
