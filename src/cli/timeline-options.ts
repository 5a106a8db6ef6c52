/** What people may ask of the timeline. */
import { type Command, Option } from 'commander';
import type { Importance } from '../../projections/timeline/importance.ts';
import type { TimelineFilter } from '../../projections/timeline/queries.ts';
import { type PastRange, rangeOf } from '../app/position-at.ts';
import type { Refusal } from '../domain/refusal.ts';
import { said } from '../domain/said.ts';
import type { EventLog } from '../log/event-log.ts';
import { collectList, count, name } from './parsers.ts';
import { type PastMoment, pastMoment } from './past-moment.ts';
import { UsageError } from './usage-error.ts';

/** The options as they were typed. */
export interface TimelineOptions {
  readonly from?: PastMoment;
  readonly to?: PastMoment;
  readonly assignee?: string;
  readonly host?: string;
  readonly run?: string;
  readonly kinds?: readonly string[];
  readonly importance?: `${Importance}`;
  readonly causedBy?: string;
  readonly causes?: string;
  readonly limit: number;
  /** True without a name. */
  readonly html?: string | true;
}

const levels = ['1', '2', '3'] satisfies `${Importance}`[];

/** Declares them. */
export function declareTimelineOptions(command: Command): void {
  command
    .argument('[tasks...]', 'default: the whole board')
    .option('--from <moment>', 'only from then on: a position, ISO, 10:02, -2h', pastMoment)
    .option('--to <moment>', 'only up to then', pastMoment)
    .option('--assignee <name>', 'only what its runs did, and the tasks they worked on', name)
    .option('--host <name>', 'the same for the runs on one host')
    .option('--run <id>', 'only this run')
    .option('--kinds <names>', 'such as reclaimed,refused,failed, or types of events', collectList)
    .addOption(
      new Option(
        '--importance <level>',
        '1 all, 2 steps, 3 failures and people; default 2',
      ).choices(levels),
    )
    .option('--causes <event>', 'what led to the event: its position or id')
    .option('--caused-by <event>', 'what followed from the event: its position or id')
    .addOption(new Option('--limit <n>', 'the latest n').default(100).argParser(count))
    .option('--html [file]', 'a page to look at closely; default timeline.html');
}

const pageName = 'timeline.html';

/** The name of the page's file; undefined when none is wanted. Throws when an id was meant. */
export function pageFile({ html }: TimelineOptions): string | undefined {
  if (typeof html === 'string' && /^[tr]-[0-9a-z]{10,12}$/i.test(html)) {
    throw new UsageError(
      `--html takes the name of a file, and ${html} is an id.`,
      `Put the task first, as in \`logboard timeline ${html} --html\`.`,
    );
  }
  return html === true ? pageName : html;
}

/** What is at least as important is shown. */
export function leastImportance({ importance = '2' }: TimelineOptions): Importance {
  return Number(importance) as Importance;
}

/** The part of the filter that needs no look at the board. */
export function filterOf(options: TimelineOptions, range: PastRange | undefined): TimelineFilter {
  const { assignee, host, limit } = options;
  const within =
    range === undefined ? {} : { afterPosition: range.first - 1, beforePosition: range.last + 1 };
  const whose = said({ assignee: assignee?.trim().toLowerCase(), host });
  return { ...whose, ...within, limit, minImportance: leastImportance(options) };
}

/** The range that was asked for, seen at `nowMs`; undefined when none was. */
export async function readRange(
  log: EventLog,
  { from, to }: TimelineOptions,
  nowMs: number,
): Promise<PastRange | Refusal | undefined> {
  if (from === undefined && to === undefined) return undefined;
  return rangeOf(log, { from: from?.from(nowMs), to: to?.from(nowMs) }, nowMs);
}
