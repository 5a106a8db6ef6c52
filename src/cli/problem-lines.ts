/** What a verification found, in lines for people. */

import { plainLine } from './sanitize.ts';
import type { VerifyProblem } from './upkeep.ts';

/** Problems that people are shown; programs get them all. */
const shownMax = 20;

/** A line for each problem; of very many, the first. */
export function problemLines(problems: readonly VerifyProblem[]): readonly string[] {
  const lines = problems.slice(0, shownMax).map(problemLine);
  const rest = problems.length - lines.length;
  return rest === 0 ? lines : [...lines, `  … and ${rest} more: add --json`];
}

function problemLine({ kind, position, subject, found }: VerifyProblem): string {
  const place = position === null ? '' : ` at ${position}`;
  return `  ${kind}${place}  ${plainLine(subject)}: ${plainLine(found)}`;
}
