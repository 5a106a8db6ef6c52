/** The board as every door and the dispatcher hold it. */
import type { Queries } from '../../projections/index.ts';
import type { Projections } from '../../projections/run.ts';
import type { Policy } from '../domain/policy.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Explanation } from '../domain/why/explanation.ts';
import type { EventLog, Position } from '../log/event-log.ts';
import type { Commands } from './commands.ts';
import type { DispatcherProbe } from './fleet.ts';
import type { Caller } from './plan.ts';
import type { PastPoint } from './position-at.ts';
import type { Tally } from './tally.ts';

/** How far a long piece of work has come. */
type OnProgress = (progress: { readonly done: number; readonly total: number }) => void;

/** A board, open. */
export interface Board {
  /** Never: what can be refused instead of a board says so here. */
  readonly refused?: never;
  readonly log: EventLog;
  readonly projections: Projections;
  /** The moment looked at (UTC ms) and its position, when this is a board of the past. */
  readonly past?: { readonly position: Position; readonly atMs: number };
  policy(): Policy;
  /** What its commands have appended since it was opened. */
  tally(): Readonly<Tally>;
  /** The commands, in the name of a caller; every event they append carries it. */
  as(caller: Caller): Commands;
  /** The queries, on tables that contain everything appended before the call. */
  read(): Promise<Queries>;
  /** Whether a dispatcher's process is there, as far as can be seen from here. */
  readonly probeDispatcher: DispatcherProbe;
  /** The context a worker on this task is shown, as Markdown. */
  context(taskId: string): Promise<string | Refusal>;
  /** Why a task or run stands where it stands, from what the log says; refused for unknown ids. */
  why(id: string): Promise<Explanation | Refusal>;
  /**
   * The board as it was, to be read and closed on its own. Refused with `beyond_head` or
   * `before_first_event`. Keep it no longer than needed: it holds back the tidying of the tables.
   */
  at(point: PastPoint, onProgress?: OnProgress): Promise<Board | Refusal>;
  /** The wall clock, UTC ms; on a board of the past, the moment looked at. */
  nowMs(): number;
  close(): Promise<void>;
}
