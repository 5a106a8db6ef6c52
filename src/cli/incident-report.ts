/** The post-mortem of an incident as Markdown: what the log knows, and room for the rest. */

import { counted } from '../wire/counted.ts';
import { isoTime } from '../wire/iso-time.ts';
import { summarize } from './incident-summary.ts';
import { underOtherLeases } from './incident-what-if.ts';
import { whyTheyStand } from './incident-why.ts';
import { markdownTable, markdownText } from './markdown.ts';
import type { ReportSection, ReportSubject } from './report-section.ts';
import type { Style } from './style.ts';
import { timelineLine } from './timeline-words.ts';

/** Writes a report; `picture` is what its image points to, if there is one. */
export async function reportText(
  subject: ReportSubject,
  picture: string | undefined,
): Promise<string> {
  const sections: readonly (readonly [heading: string, section: ReportSection])[] = [
    ['Summary', summary],
    ['What happened', (about) => whatHappened(about, picture)],
    ['What was refused', whatWasRefused],
    ['Why', whyTheyStand],
    ['What if', underOtherLeases],
    ['Action items', async () => actionItems],
  ];
  const parts = [`# ${await titleOf(subject)}`];
  for (const [heading, section] of sections) {
    const text = await section(subject);
    if (text !== '') parts.push(`## ${heading}`, text);
  }
  return `${parts.join('\n\n')}\n`;
}

async function titleOf({ board, taskIds, window }: ReportSubject): Promise<string> {
  const queries = await board.read();
  const [first = '', ...others] = taskIds;
  const task = queries.task(first, board.nowMs());
  const name = markdownText(queries.board()?.name ?? 'a board');
  if (window !== null) return `Incident on ${name}: positions ${window.first} to ${window.last}`;
  const more = others.length === 0 ? '' : ` and ${counted(others.length, 'other task')}`;
  return `Incident on ${name}: ${markdownText(task?.title ?? first)}${more}`;
}

/** Tasks in the table of the summary. */
const tasksShown = 50;

async function summary({ board, taskIds }: ReportSubject): Promise<string> {
  const queries = await board.read();
  const nowMs = board.nowMs();
  const { firstAtMs, lastAtMs, people, dispatchers, workers } = await summarize({ board });
  const rows = taskIds.slice(0, tasksShown).map((id) => {
    const task = queries.task(id, nowMs);
    const outcomes = queries.runs(id).map(({ outcome }) => (outcome ?? 'open').replace('_', ' '));
    const { title = '', status = '', lastError = null } = task ?? {};
    return [id, title, status, outcomes.join(', '), lastError ?? ''].map(markdownText);
  });
  const hidden = taskIds.length - rows.length;
  return [
    '*In two sentences: what went wrong, and what it meant for whom?*',
    [
      `- Seen from ${isoTime(nowMs)}, position ${(await board.log.head()).position}`,
      `- Events from ${isoTime(firstAtMs) ?? '–'} to ${isoTime(lastAtMs) ?? '–'}`,
      `- People: ${people.map(markdownText).join(', ') || 'none'}`,
      `- ${counted(dispatchers.length, 'dispatcher')}, ${counted(workers, 'worker')} that reported`,
    ].join('\n'),
    markdownTable(['Task', 'Title', 'Status', 'Attempts', 'Last error'], rows),
    ...(hidden > 0 ? [`… and ${counted(hidden, 'more task')}.`] : []),
  ].join('\n\n');
}

/** Entries of the timeline in a report. */
const entriesShown = 300;

/** Nothing is cut, and nothing coloured. */
const plain: Style = {
  columns: Number.POSITIVE_INFINITY,
  hasColour: false,
  paint: (_tone, text) => text,
};

async function whatHappened(
  { board, taskIds, window }: ReportSubject,
  picture: string | undefined,
): Promise<string> {
  const queries = await board.read();
  const wanted = new Set(taskIds);
  const range = window === null ? {} : { afterPosition: window.first - 1 };
  const filter = { ...range, minImportance: 2, limit: Number.MAX_SAFE_INTEGER } as const;
  const entries = queries
    .timeline(filter)
    .filter(({ taskId }) => taskId === null || wanted.has(taskId));
  const lines = entries.slice(0, entriesShown).map((entry, index) => {
    const line = timelineLine(entry, { style: plain, nowMs: board.nowMs(), withTask: true });
    const weight = entry.importance === 3 ? '**' : '';
    return `${index + 1}. ${weight}${markdownText(line)}${weight} at ${entry.position}`;
  });
  const hidden = entries.length - lines.length;
  return [
    ...(picture === undefined ? [] : [`![The tasks over time](${picture})`]),
    lines.join('\n'),
    ...(hidden > 0 ? [`… and ${counted(hidden, 'more event')}.`] : []),
    '*Times of day are those of the machine that wrote this. The number at the end is the ' +
      'position: `logboard show <task> --at <position>`.*',
  ].join('\n\n');
}

async function whatWasRefused({ board, taskIds }: ReportSubject): Promise<string> {
  const queries = await board.read();
  const rows = taskIds.flatMap((taskId) => queries.refused({ taskId }));
  if (rows.length === 0) return 'No stale worker tried to write.';
  const cells = rows.map(({ atMs, taskId, runId, byId, attempted, code, preview, countedFrom }) => {
    const what = attempted ?? `more, counted from ${countedFrom} on`;
    const said = [byId ?? '', what, code ?? '', preview ?? ''];
    return [isoTime(atMs), taskId, runId, ...said].map(markdownText);
  });
  return markdownTable(['When', 'Task', 'Run', 'Who', 'Tried to', 'Refused as', 'Words'], cells);
}

const actionItems = [
  '*What will be different next time, who does it, and until when?*',
  ['- [ ] ', '- [ ] ', '- [ ] '].join('\n'),
].join('\n\n');
