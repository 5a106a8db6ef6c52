/** Why a run stands where it stands: one answer for each way to end, and one for open runs. */
import type { TerminalType } from '../run/events.ts';
import { type Ended, type EndedRun, endedBy } from './ended-run.ts';
import type { Reason } from './explanation.ts';
import { endingOf, type RunFacts } from './facts.ts';
import {
  crashed,
  noAnswer,
  notSpawned,
  rateLimited,
  reclaimed,
  timedOut,
  wentStale,
} from './judged-runs.ts';
import { openRun } from './open-run.ts';
import { blocked, canceled, completed, released } from './spoken-ends.ts';

/** By terminal event; a new one does not compile until it has an answer. */
const reasons: { readonly [T in TerminalType]: (ended: Ended<T>) => Reason } = {
  RunCompleted: completed,
  RunBlocked: blocked,
  RunReleased: released,
  RunReclaimed: reclaimed,
  RunCrashed: crashed,
  RunTimedOut: timedOut,
  RunWentStale: wentStale,
  SpawnFailed: notSpawned,
  ProtocolViolated: noAnswer,
  RunRateLimited: rateLimited,
  RunCanceled: canceled,
};

/** Why a run ended so, or is open. */
export function reasonOfRun(facts: RunFacts): Reason {
  const ending = endingOf(facts.run);
  if (ending === undefined) return openRun(facts);
  const answer = reasons[ending.type] as (ended: EndedRun) => Reason;
  return answer(endedBy(facts, ending));
}
