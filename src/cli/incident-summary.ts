/** What an incident file is about: when, who, how much, what was refused, and where to begin. */
import type { Incident } from '../app/incident/incident-board.ts';
import type { EventMeta } from '../domain/event.ts';
import type { EventLog } from '../log/event-log.ts';
import { pagesOf } from '../log/pages.ts';
import { counted } from '../wire/counted.ts';
import { isoTime } from '../wire/iso-time.ts';
import { plainLine } from './sanitize.ts';
import { statusLabel } from './status.ts';
import type { Style } from './style.ts';
import { clockTime, relativeTime } from './time.ts';

/** An incident in figures. */
export interface IncidentSummary {
  readonly firstAtMs: number | null;
  readonly lastAtMs: number | null;
  /** Who acted: people and dispatchers by name, and how many runs had a worker that did. */
  readonly people: readonly string[];
  readonly dispatchers: readonly string[];
  readonly workers: number;
  /** Stale writes that were refused, and those only counted. */
  readonly refused: number;
}

/** Goes through the events of a board once. */
export async function summarize({ board }: Pick<Incident, 'board'>): Promise<IncidentSummary> {
  const actors = { human: new Set<string>(), dispatcher: new Set<string>(), worker: new Set() };
  const times: { first: number | null; last: number | null } = { first: null, last: null };
  for await (const { actor, at } of metasOf(board.log)) {
    if (actor.kind !== 'system') actors[actor.kind].add(actor.id);
    times.first ??= at;
    times.last = at;
  }
  const refused = (await board.read()).refused();
  return {
    firstAtMs: times.first,
    lastAtMs: times.last,
    people: [...actors.human].sort(),
    dispatchers: [...actors.dispatcher].sort(),
    workers: actors.worker.size,
    refused: refused.filter(({ countedFrom }) => countedFrom === null).length,
  };
}

async function* metasOf(log: EventLog): AsyncGenerator<EventMeta> {
  for await (const page of pagesOf(log)) {
    for (const { meta } of page) yield JSON.parse(meta) as EventMeta;
  }
}

/** The file and its figures as programs see them. These names are permanent. */
export async function incidentJson(file: string, incident: Incident) {
  const { header, end, bytes, board } = incident;
  const { firstAtMs, lastAtMs, ...figures } = await summarize(incident);
  const queries = await board.read();
  const nowMs = board.nowMs();
  return {
    file,
    bytes,
    formatVersion: header.version,
    savedAt: isoTime(header.savedAtMs),
    program: header.program,
    board: header.board,
    head: { position: header.head.position, hash: header.head.hash, at: isoTime(nowMs) },
    around: header.around,
    window: header.window,
    tasks: header.tasks.whole.map((id) => {
      const { title, status } = queries.task(id, nowMs) ?? { title: null, status: null };
      return { id, title, status };
    }),
    tasksBeside: header.tasks.beside,
    tasksLeftOut: header.tasks.leftOut,
    events: end.events,
    eventsLeftOut: end.eventsLeftOut,
    outputs: end.outputs,
    redacted: end.redacted,
    unproven: end.unproven,
    firstAt: isoTime(firstAtMs),
    lastAt: isoTime(lastAtMs),
    ...figures,
  };
}

/** Tasks named on the page; of more there is only the number. */
const tasksShown = 10;

/** The same for people. */
export async function incidentText(
  file: string,
  incident: Incident,
  { style, nowMs }: { readonly style: Style; readonly nowMs: number },
): Promise<string> {
  const { header, end, board } = incident;
  const figures = await summarize(incident);
  const { savedAtMs, tasks } = header;
  const when = (atMs: number) => `${clockTime(atMs, nowMs)} (${relativeTime(atMs, nowMs)})`;
  const lines: readonly (readonly [string, string])[] = [
    ['board', `${plainLine(header.board.name)} at position ${header.head.position}`],
    ['saved', `${when(savedAtMs)} by Logboard ${plainLine(header.program)}`],
    ['about', aboutOf(incident)],
    ['events', eventsLine(incident, figures, nowMs)],
    ['who', whoText(figures)],
    ['refused', figures.refused === 0 ? 'nothing' : counted(figures.refused, 'stale write')],
    ['output', `of ${counted(end.outputs, 'run')}`],
    ['secrets', secretsText(incident)],
    ['left out', `${counted(tasks.leftOut, 'task')}, ${counted(end.eventsLeftOut, 'event')}`],
  ];
  const queries = await board.read();
  const shown = tasks.whole.slice(0, tasksShown).map((id) => {
    const task = queries.task(id, board.nowMs());
    return `  ${id}  ${task ? `${statusLabel(task.status, style)}  ${plainLine(task.title)}` : ''}`;
  });
  const hidden = tasks.whole.length - shown.length;
  return [
    `${style.paint('good', '✓ sound')}  ${plainLine(file)}`,
    ...lines.map(([name, text]) => `${style.paint('dim', name.padEnd(8))}  ${text}`),
    '',
    ...shown,
    ...(hidden > 0 ? [style.paint('dim', `  … and ${counted(hidden, 'more task')}`)] : []),
    '',
    style.paint('dim', 'Begin with:'),
    ...firstCommands(file, incident, figures).map((line) => `  ${line}`),
  ].join('\n');
}

function aboutOf({ header }: Incident): string {
  const { around, window, tasks } = header;
  const what = window === null ? around.join(', ') : `positions ${window.first} to ${window.last}`;
  const beside = tasks.beside.length === 0 ? '' : `, and ${tasks.beside.length} beside`;
  return `${what}: ${counted(tasks.whole.length, 'task')}${beside}`;
}

function eventsLine({ end }: Incident, figures: IncidentSummary, nowMs: number): string {
  const { firstAtMs, lastAtMs } = figures;
  if (firstAtMs === null || lastAtMs === null) return 'none';
  const [from, to] = [firstAtMs, lastAtMs].map((atMs) => clockTime(atMs, nowMs));
  return `${counted(end.events, 'event')}, ${from} to ${to}`;
}

function whoText({ people, dispatchers, workers }: IncidentSummary): string {
  return [
    ...people.map(plainLine),
    ...(dispatchers.length === 0 ? [] : [counted(dispatchers.length, 'dispatcher')]),
    ...(workers === 0 ? [] : [counted(workers, 'worker')]),
  ].join(', ');
}

function secretsText({ end }: Incident): string {
  const { redacted, unproven } = end;
  const taken = redacted === 0 ? 'none were found' : `taken out of ${counted(redacted, 'place')}`;
  return unproven === 0 ? taken : `${taken}; ${counted(unproven, 'event')} cannot be proven`;
}

function firstCommands(file: string, { header }: Incident, { refused }: IncidentSummary) {
  const on = `logboard --log ${plainLine(file)}`;
  const [task] = header.tasks.whole;
  return [
    ...(task === undefined ? [] : [`${on} why ${task}`, `${on} show ${task}`]),
    `${on} timeline${refused > 0 ? ' --importance 3' : ''}`,
    `${on} diagnostics`,
    `logboard incident report ${plainLine(file)}`,
  ];
}
