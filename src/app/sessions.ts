/** Puts together what commands work with. */
import type { Policy } from '../domain/policy.ts';
import { codec } from '../log/codec.ts';
import type { EventLog } from '../log/event-log.ts';
import type { Clock } from '../log/ports.ts';
import { createExecute } from './execute.ts';
import { createMemory } from './load.ts';
import type { Caller } from './plan.ts';
import { createRecordRefusal } from './refused.ts';
import type { BoardIds, Session } from './session.ts';
import type { Tally } from './tally.ts';

/** What sessions are made of. */
export interface SessionParts {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly ids: BoardIds;
  policy(): Policy;
  readonly tally: Tally;
}

/** Sessions of any caller; they share what was folded before. */
export function createSessions(parts: SessionParts): (caller: Caller) => Session {
  const { log, clock, ids, policy, tally } = parts;
  const memory = createMemory({ log, codec });
  const execute = createExecute({ log, codec, memory, clock, newId: ids.commandId, tally });
  const recordRefusal = createRecordRefusal({ execute, log, codec });
  return (caller) => ({ execute, memory, log, caller, ids, policy, recordRefusal });
}
