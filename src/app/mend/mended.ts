/** What mending answers, and in whose name it is done. */
import type { Recorded } from '../../domain/catalogue.ts';
import type { Position } from '../../log/event-log.ts';
import type { Caller, Plan, PlannedWrite, Stored } from '../plan.ts';

/** The answer: false when there was nothing to do any more. */
export interface Mended {
  readonly refused: false;
  readonly changed: boolean;
  readonly position: Position;
}

/**
 * Whoever began it, through the door of the one who finishes it: under the same command, so that
 * every id comes out as it would have.
 */
export function inTheNameOf({ meta }: Pick<Recorded, 'meta'>, { surface }: Caller): Caller {
  return {
    actor: meta.actor,
    surface,
    commandId: meta.commandId,
    correlationId: meta.$correlationId,
    causationId: meta.$causationId,
  };
}

/** A plan of what is missing; `at` is where the log was seen to stand. */
export function mending(missing: readonly PlannedWrite[], at: Position): Plan<Mended> {
  const answer = ({ position }: Stored): Mended => ({
    refused: false,
    changed: position !== undefined,
    position: position ?? at,
  });
  return { refused: false, writes: missing, answer };
}
