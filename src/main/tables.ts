/** The tables of a board: made anew, and compared with what the log says they should be. */
import type { Difference } from '../../projections/compare.ts';
import { rebuildHistory } from '../../projections/past/open-past.ts';
import { rebuild, verify } from '../../projections/rebuild.ts';
import { openProjections } from '../../projections/run.ts';
import type { OnProgress, VerifyProblem } from '../cli/upkeep.ts';
import { codec } from '../log/codec.ts';
import type { EventLog, Position } from '../log/event-log.ts';
import type { Timers } from '../log/ports.ts';
import { unthinnedLog } from '../log/restored.ts';

/** A log with its tables. */
export interface Tables {
  readonly log: EventLog;
  readonly timers: Timers;
  /** The directory of the tables. */
  readonly path: string;
}

/** Makes the tables anew beside those in use, and swaps them; answers how far they reach. */
export function rebuildTables(tables: Tables, onProgress: OnProgress): Promise<Position> {
  return rebuild({ ...tables, onProgress });
}

/** Writes down the past anew; answers how far it reaches. */
export async function rebuildKeyframes(
  { log, timers, path }: Tables,
  onProgress: OnProgress,
): Promise<Position> {
  const parts = { directory: path, timers, codec, trustFileSystem: false };
  return rebuildHistory(await unthinnedLog(log), parts, onProgress);
}

/** What is in the tables and does not follow from the log, or cannot be true. Writes nothing. */
export async function compareTables(
  tables: Tables,
  onProgress: OnProgress,
): Promise<readonly VerifyProblem[]> {
  const { objection, differences } = await verify({ ...tables, onProgress });
  // Tables that are not there, or not of this log, are made anew by whoever reads next.
  if (objection !== null) return [];
  return [...differences.map(problemOf), ...(await contradictions(tables))];
}

function problemOf(difference: Difference): VerifyProblem {
  return tableProblem(`${difference.table} ${difference.key}`, foundIn(difference));
}

function foundIn({ column, live, rebuilt }: Difference): string {
  if (column !== '*') return `${column}: the table says ${shown(live)}, the log ${shown(rebuilt)}`;
  return live === true
    ? 'the table has this row, the log says nothing of it'
    : 'the table has no such row, the log says there is one';
}

function tableProblem(subject: string, found: string): VerifyProblem {
  return { kind: 'tables', position: null, subject, found, event: null };
}

/** Enough of a value to recognise it. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= 80 ? text : `${text.slice(0, 80)}…`;
}

async function contradictions({ log, timers, path }: Tables): Promise<readonly VerifyProblem[]> {
  const projections = await openProjections({ log, timers, path, readonly: true });
  try {
    return projections.queries
      .brokenInvariants()
      .map(({ rule, subject, found }) => tableProblem(subject, `${rule}: ${found}`));
  } finally {
    projections.close();
  }
}
