/** The doctor's word on tasks: none of its own, but where to read on. */
import type { Queries } from '../../projections/index.ts';
import { diagnoseTasks } from '../app/diagnose.ts';
import type { DispatcherProbe } from '../app/fleet.ts';
import type { Finding } from '../cli/upkeep.ts';
import { defaultPolicy } from '../domain/policy.ts';
import { nearest } from '../nearest.ts';
import { counted } from '../wire/counted.ts';
import { ok, warn } from './finding.ts';

/** Counts what is wrong with tasks; the command of that name knows the worker definitions. */
export function diagnosedTasks(queries: Queries, probeDispatcher: DispatcherProbe): Finding {
  const policy = defaultPolicy;
  const known = { nowMs: Date.now(), policy, workers: null, probeDispatcher };
  const { length } = diagnoseTasks(queries, { ...known, nearest }).findings;
  if (length === 0) return ok('tasks', 'nothing is wrong with them');
  return warn('tasks', `${counted(length, 'finding')} about tasks`, 'Run `logboard diagnostics`.');
}
