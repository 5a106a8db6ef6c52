/** Findings of the diagnostics for people: how bad, what, and the commands that help. */
import type { TaskFinding } from '../domain/diagnostics/diagnose.ts';
import type { Severity, SuggestedAction } from '../domain/diagnostics/finding.ts';
import { plainLine } from './sanitize.ts';
import type { Style, Tone } from './style.ts';
import { relativeTime } from './time.ts';
import { cutTo, padTo } from './width.ts';

const marks: Readonly<Record<Severity, readonly [glyph: string, tone: Tone]>> = {
  warning: ['!', 'warn'],
  error: ['!!', 'bad'],
  critical: ['!!!', 'bad'],
};

const indent = ' '.repeat('!!! '.length);
/** What a command does is left out where there is less room for it. */
const whyMin = 12;

/** `!! error  repeated_crashes: crashed 3 times in a row (2h ago)`, on one line. */
export function findingLine(finding: TaskFinding, style: Style, nowMs: number): string {
  const { severity, kind, title, firstSeenAtMs } = finding;
  const [glyph, tone] = marks[severity];
  const mark = `${glyph.padEnd(indent.length - 1)} ${severity.padEnd('critical'.length)}`;
  const since = firstSeenAtMs === null ? '' : ` (${relativeTime(firstSeenAtMs, nowMs)})`;
  const room = style.columns - mark.length - 2;
  return `${style.paint(tone, mark)}  ${cutTo(room, plainLine(`${kind}: ${title}${since}`))}`;
}

/** The finding with its task, its sentence and its commands, the suggested one marked. */
export function findingText(finding: TaskFinding, style: Style, nowMs: number): string {
  const { taskId, detail, actions } = finding;
  const inner = { ...style, columns: style.columns - taskId.length - 2 };
  const width = Math.max(...actions.map(({ command }) => plainLine(command).length));
  return [
    `${taskId}  ${findingLine(finding, inner, nowMs)}`,
    `${indent}${cutTo(style.columns - indent.length, plainLine(detail))}`,
    ...actions.map((action) => actionLine(action, width, style)),
  ].join('\n');
}

/** A command is never cut: somebody will copy it. */
function actionLine({ command, why, suggested }: SuggestedAction, width: number, style: Style) {
  const line = plainLine(command);
  const painted = suggested ? style.paint('strong', line) : line;
  const room = style.columns - indent.length - 2 - width - 4;
  const blanks = padTo(width - line.length, '', 'left');
  const comment = room < whyMin ? '' : style.paint('dim', `${blanks}  # ${cutTo(room, why)}`);
  return `${indent}${suggested ? '▸' : ' '} ${painted}${comment}`;
}
