/** A finding of the diagnostics as programs see it. These names are permanent. */
import type { TaskFinding } from '../domain/diagnostics/diagnose.ts';
import { isoTime } from './iso-time.ts';

/** The finding as one object; moments in its evidence are UTC ms: their names end in `AtMs`. */
export function findingJson(finding: TaskFinding) {
  const { kind, severity, taskId, title, detail, evidence, count, actions } = finding;
  return {
    kind,
    severity,
    taskId,
    title,
    detail,
    evidence,
    firstSeenAt: isoTime(finding.firstSeenAtMs),
    lastSeenAt: isoTime(finding.lastSeenAtMs),
    count,
    actions: actions.map(({ command, why, suggested }) => ({ command, why, suggested })),
  };
}
