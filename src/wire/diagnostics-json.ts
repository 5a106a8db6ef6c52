/** What is wrong on a board, as programs see it. The names are permanent. */
import type { DiagnosticReport } from '../app/diagnose.ts';
import { type Severity, severities } from '../domain/diagnostics/finding.ts';
import type { Position } from '../log/event-log.ts';
import { findingJson } from './finding-json.ts';

/** The findings, how many of each severity, and what was left out. */
export function diagnosticsJson(report: DiagnosticReport, position: Position) {
  const { findings, cut, unchecked } = report;
  const count = (severity: Severity) =>
    findings.filter((each) => each.severity === severity).length;
  return {
    findings: findings.map(findingJson),
    counts: Object.fromEntries(severities.map((severity) => [severity, count(severity)])),
    cut,
    unchecked,
    position,
  };
}
