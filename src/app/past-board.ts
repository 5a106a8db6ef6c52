/** A board as it was: everything can be asked, and nothing changed. */
import type { Queries } from '../../projections/index.ts';
import type { Projections } from '../../projections/run.ts';
import { defaultPolicy, type Policy } from '../domain/policy.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import type { EventLog } from '../log/event-log.ts';
import type { Board } from './board-face.ts';
import { readingsOf } from './board-readings.ts';
import { type Commands, createCommands } from './commands.ts';
import { pastOfLog } from './past-log.ts';
import type { Caller } from './plan.ts';
import type { PastPlace, PastPoint } from './position-at.ts';
import type { Session } from './session.ts';

/** The board at a point of its past, seen from the moment another one looks at. */
export async function boardAt(
  seenFrom: Board,
  point: PastPoint,
  onProgress?: (progress: { readonly done: number; readonly total: number }) => void,
): Promise<Board | Refusal> {
  const past = await pastOfLog(seenFrom.log, point, seenFrom.nowMs());
  if (past.refused) return past;
  const { log, whole, place } = past;
  const projections = await seenFrom.projections.openPast(whole, onProgress);
  return createPastBoard({ log, projections, place, policy: seenFrom.policy });
}

/** The parts a board of the past is made of. */
export interface PastBoardParts {
  /** The log as it was at the place looked at: see `pastOfLog`. */
  readonly log: EventLog;
  /** Tables folded from it. */
  readonly projections: Projections;
  readonly place: Pick<PastPlace, 'position' | 'atMs'>;
  /** The policy for whom nobody had recorded one yet. */
  readonly policy: () => Policy;
}

/**
 * The board at a place of its past. Its clock stands still at the moment looked at; every command
 * is refused with `past_is_read_only`. Closing it leaves the board of the present open.
 */
export function createPastBoard({ log, projections, place, policy }: PastBoardParts): Board {
  const { position, atMs } = place;
  const nowMs = () => atMs;

  async function read() {
    await projections.catchUp();
    return projections.queries;
  }

  const board: Board = {
    log,
    projections,
    policy: () => policyOf(projections.queries) ?? policy(),
    tally: () => ({ appends: 0, conflicts: 0 }),
    past: { position, atMs },
    as: (caller) => refusingCommands(caller, position),
    read,
    nowMs,
    ...readingsOf({ log, read, nowMs }),
    close: async () => {
      projections.close();
      await log.close();
    },
    at: (point, onProgress) => boardAt(board, point, onProgress),
  };
  return board;
}

/** What an operator had recorded last, or else the dispatcher that had started last. */
function policyOf(queries: Queries): Policy | undefined {
  const recorded = queries.board()?.policy ?? queries.dispatchers()[0]?.policy;
  return recorded && ({ ...defaultPolicy, ...recorded } as Policy);
}

/** Says that nothing can be changed at a place of the past. */
export function pastIsReadOnly(position: number): Refusal {
  return refuse(
    'past_is_read_only',
    `Nothing can be changed at position ${position}: it is past.`,
    {
      hint: 'Leave out --at to change the board as it is now.',
      facts: { position },
    },
  );
}

function refusingCommands(caller: Caller, position: number): Commands {
  const refuseAlways = () => Promise.resolve(pastIsReadOnly(position));
  // Only the names are taken from commands that nothing stands behind.
  const names = Object.keys(createCommands({ caller } as Session));
  return Object.fromEntries(names.map((name) => [name, refuseAlways])) as unknown as Commands;
}
