/** The head of a task's page: what it is, and what is wrong with it. */

import type { TaskPage } from '../wire/task-page.ts';
import { findingLine } from './finding-text.ts';
import { plainLine } from './sanitize.ts';
import { statusLabel } from './status.ts';
import type { Style } from './style.ts';
import { taskFacts } from './task-facts.ts';

/** Before the lines that stand under the title. */
const indent = '  ';

/** What it is, whose, and where it stands. */
export function header({ task, runs, outage, nowMs }: TaskPage, style: Style): string {
  const { taskId, title, status } = task;
  const name = style.paint('strong', plainLine(title));
  const first = `${taskId}  ${statusLabel(status, style)}  ${name}`;
  const facts = taskFacts(task, { lastRun: runs.at(-1), outage }, nowMs);
  return [first, ...facts.map((line) => `${indent}${line}`)].join('\n');
}

/** What is wrong with it, a line each, and where to read on. */
export function trouble({ findings, task, nowMs }: TaskPage, style: Style): readonly string[] {
  if (findings.length === 0) return [];
  const more = `what helps: logboard diagnostics ${task.taskId}`;
  return [...findings.map((each) => findingLine(each, style, nowMs)), style.paint('dim', more)];
}
