/** The diagnostics of a board as this machine sees it: with its configuration, if there is one. */
import { type DiagnosticReport, type DiagnosticRequest, diagnoseTasks } from '../app/diagnose.ts';
import { noSuchTask } from '../app/plans.ts';
import { type Config, ConfigError } from '../config.ts';
import { isAtLeast, type Severity } from '../domain/diagnostics/finding.ts';
import type { Refusal } from '../domain/refusal.ts';
import { nearest } from '../nearest.ts';
import type { BoardContext, Context } from './verb.ts';

/** What is asked for; everything when it says nothing. */
export interface Asked extends Pick<DiagnosticRequest, 'kinds' | 'taskIds'> {
  /** Findings that are less bad are left out. */
  readonly severity?: Severity;
}

/** What is wrong, at this moment; refused where a task is named that does not exist. */
export async function diagnosed(
  on: BoardContext,
  { severity = 'warning', ...asked }: Asked,
): Promise<({ readonly refused: false } & DiagnosticReport) | Refusal> {
  // What is configured now says nothing about then.
  const config = on.board.past === undefined ? await knownConfig(on) : undefined;
  const workers = config?.file === undefined ? null : config.workers;
  const policy = config?.policy ?? on.board.policy();
  const queries = await on.board.read();
  const nowMs = on.board.nowMs();
  const missing = asked.taskIds?.find((id) => queries.task(id, nowMs) === undefined);
  if (missing !== undefined) return noSuchTask(missing);
  const { probeDispatcher } = on.board;
  const around = { nowMs, policy, workers, probeDispatcher, nearest };
  const report = diagnoseTasks(queries, { ...asked, ...around });
  const findings = report.findings.filter((finding) => isAtLeast(finding.severity, severity));
  return { ...report, refused: false, findings };
}

/** Looking needs no configuration: what depends on one that is broken is not checked. */
async function knownConfig(context: Context): Promise<Config | undefined> {
  try {
    return await context.config();
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}
