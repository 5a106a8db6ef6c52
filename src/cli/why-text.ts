/** Why something stands where it stands, for people: the answer, then what it rests on. */
import type { TaskRow } from '../../projections/tasks/row.ts';
import type { Explanation, Link, RefusedWrite, Sighting } from '../domain/why/explanation.ts';
import { plainLine } from './sanitize.ts';
import { outcomeLabel } from './status.ts';
import type { Style } from './style.ts';
import { taskLine } from './task-line.ts';
import { clockTime } from './time.ts';
import { widthOf } from './width.ts';
import { columnsMax, filled, wrapped } from './wrapped.ts';

/** A label and what stands behind it, in lines that fit. */
type Row = readonly [label: string, lines: readonly string[]];

const labelWidth = 'unknown'.length;
const indent = ' '.repeat('  '.length + labelWidth + '  '.length);

/** The answer: its subject, a sentence, and rows that say what it rests on. */
export function whyText(
  explanation: Explanation,
  task: TaskRow,
  { style, nowMs }: { style: Style; nowMs: number },
): string {
  const clock = (atMs: number) => clockTime(atMs, nowMs);
  const columns = Math.min(style.columns, columnsMax) - indent.length;
  const inLines = (entries: readonly string[]) =>
    entries.flatMap((entry) => wrapped(plainLine(entry), columns));
  const rows: readonly Row[] = [
    ['rule', inLines([explanation.rule.text])],
    ['seen', inLines(explanation.seen.map((each) => seenText(each, clock)))],
    ['by', inLines(byText(explanation, clock))],
    ['cause', filled(causeWords(explanation), columns)],
    ['also', inLines(alsoText(explanation, clock))],
    ['unknown', inLines(explanation.unknown)],
    ['help', inLines(explanation.prevention)],
  ];
  return [
    subjectLine(explanation, task, style),
    ...wrapped(plainLine(explanation.headline), style.columns).map((line) =>
      style.paint('strong', line),
    ),
    ...rows.flatMap((row) => rowText(row, style)),
  ].join('\n');
}

function subjectLine({ subject }: Explanation, task: TaskRow, style: Style): string {
  if (subject.kind === 'task') return taskLine(task, style);
  const label = outcomeLabel(subject.outcome, style);
  const room = Math.max(40, style.columns - widthOf(`${subject.id}  ${label}  `));
  return `${subject.id}  ${label}  ${taskLine(task, { ...style, columns: room })}`;
}

function rowText([label, lines]: Row, style: Style): readonly string[] {
  const first = `  ${style.paint('dim', label.padEnd(labelWidth))}  `;
  const text = lines.filter((line) => line !== '');
  return text.map((line, index) => `${index === 0 ? first : indent}${line}`);
}

type Clock = (atMs: number) => string;

function seenText({ text, position, atMs }: Sighting, clock: Clock): string {
  const place = [
    ...(atMs === null ? [] : [clock(atMs)]),
    ...(position === null ? [] : [`#${position}`]),
  ].join(', ');
  return place === '' ? text : `${text} (${place})`;
}

function byText({ decidedBy }: Explanation, clock: Clock): readonly string[] {
  if (decidedBy === null) return [];
  const { kind, id, surface, atMs, position } = decidedBy;
  const door = kind === 'dispatcher' ? '' : ` through ${surface}`;
  const who = kind === 'human' ? id : `${kind} ${id}`;
  return [`${who}${door} (${clock(atMs)}, #${position})`];
}

/** The nearest cause first, as one reads it. */
function causeWords({ chain, more, subject }: Explanation): readonly string[] {
  const own = subject.kind === 'task' ? subject.id : subject.taskId;
  const links = chain.toReversed().map((link) => linkText(link, own));
  const rest = more === 0 ? [] : [`… ${more} more`];
  return [...links, ...rest].map((link, index) => plainLine(index === 0 ? link : `← ${link}`));
}

/** `#122 reclaimed`, with the task where it is another one. */
function linkText({ position, text, taskId }: Link, ownTaskId: string): string {
  return `#${position} ${taskId === ownTaskId ? '' : `${taskId} `}${text}`;
}

function alsoText({ refusals, refusalsMore }: Explanation, clock: Clock): readonly string[] {
  const rest = refusalsMore === 0 ? [] : [`${refusalsMore} more writes were refused before`];
  return [...rest, ...refusals.map((each) => refusedText(each, clock))];
}

function refusedText({ attempted, code, by, atMs, position, text }: RefusedWrite, clock: Clock) {
  const place = `(${clock(atMs)}, #${position})`;
  if (attempted === null) return `${text} ${place}`;
  return `refused: ${attempted} of ${by?.kind} ${by?.id}, since ${text} (${code}) ${place}`;
}
