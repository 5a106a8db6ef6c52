/**
 * Load, decide, append at the expected version, bounded retry: the only retry loop there is.
 *
 * The first attempt is decided on what is remembered, and counts only when it is stored. Where a
 * log stores the writes of a plan one by one, the first is the decision: once it stands, the
 * command is not decided again, and only what follows from it is tried anew.
 */
import type { Refusal } from '../domain/refusal.ts';
import type { Codec } from '../log/codec.ts';
import {
  type AppendResult,
  type EventLog,
  LogUnavailable,
  type StreamWrite,
} from '../log/event-log.ts';
import type { Clock } from '../log/ports.ts';
import { encodePlan } from './encode-plan.ts';
import type { Memory, View } from './load.ts';
import type { Caller, PlanAt } from './plan.ts';
import { movedSince } from './revision.ts';
import { withStatusTold } from './status-told.ts';
import { createTally, type Tally } from './tally.ts';

/**
 * The same command lost the race for its stream again and again. Nothing was stored; on a log that
 * is not atomic perhaps its decision, and then a dispatcher finishes what follows.
 */
export class Contended extends Error {
  override readonly name = 'Contended';
  readonly code = 'contended';
  readonly hint = 'Many writers want this stream at once: try again in a moment.';
  readonly retryable = true;

  constructor(stream: string, attempts: number) {
    super(`Gave up writing to ${stream} after losing the race ${attempts} times.`);
  }
}

/** Runs one command: plans it and appends, again when somebody else was faster. */
export type Execute = <T>(caller: Caller, planAt: PlanAt<T>) => Promise<T | Refusal>;

/** What an attempt came to; `idle` when there was nothing to store, refused or not. */
type Outcome<T> =
  | { readonly kind: 'stored'; readonly answer: T }
  | { readonly kind: 'idle'; readonly answer: T | Refusal }
  | { readonly kind: 'lost'; readonly stream: string; readonly begun?: Begun<T> };

/** The decision is stored, and something that follows from it did not fit. */
interface Begun<T> {
  readonly rest: PlanAt<T> | undefined;
}

/** Lost races after which a command gives up. */
export const attemptsMax = 50;
/** Repeats of one append whose outcome stayed unknown. */
const unknownRepeatsMax = 3;

/** The loop over these parts; `newId` makes command ids. */
export function createExecute(deps: {
  log: EventLog;
  codec: Codec;
  memory: Memory;
  clock: Clock;
  newId: () => string;
  /** Counts along. */
  tally?: Tally;
}): Execute {
  const { log, codec, memory, clock, newId, tally = createTally() } = deps;

  async function execute<T>(caller: Caller, planAt: PlanAt<T>): Promise<T | Refusal> {
    const commandId = caller.commandId ?? newId();
    let sender = caller;
    let planNow = planAt;
    for (let attempt = 1; ; attempt += 1) {
      const view = attempt === 1 ? memory.remembered() : memory.fresh();
      const outcome = await tryOnce({ sender, commandId }, planNow, view);
      if (outcome.kind === 'stored') return outcome.answer;
      if (outcome.kind === 'idle' && view.isCertain()) return outcome.answer;
      if (outcome.kind === 'lost' && attempt >= attemptsMax) {
        throw new Contended(outcome.stream, attempt);
      }
      if (outcome.kind === 'lost' && outcome.begun !== undefined) {
        // What the caller saw was there when it was decided: the time for objections is over.
        const { seen: _seen, ...rest } = sender;
        sender = rest;
        planNow = outcome.begun.rest ?? planNow;
      }
    }
  }

  async function tryOnce<T>(
    { sender, commandId }: { sender: Caller; commandId: string },
    planAt: PlanAt<T>,
    view: View,
  ): Promise<Outcome<T>> {
    const nowMs = clock.nowMs();
    const { seen } = sender;
    const moved = seen && (await movedSince(seen, view.loader, log));
    if (moved !== undefined) return { kind: 'idle', answer: moved };
    const plan = await planAt({ nowMs, loader: view.loader });
    if (plan.refused) {
      return { kind: 'idle', answer: await withStatusTold(plan, { nowMs, loader: view.loader }) };
    }
    if (plan.writes.every((write) => write.events.length === 0)) {
      return { kind: 'idle', answer: plan.answer({ position: undefined, versions: [] }) };
    }
    const writes = encodePlan(codec, plan, { sender, commandId, nowMs });
    if (isRefusal(writes)) return { kind: 'idle', answer: writes };
    const result = await appendOnce([...writes, ...view.guardsBeside(writes)]);
    if (!result.ok) {
      tally.conflicts += 1;
      const { stream, storedBefore = 0 } = result;
      return storedBefore === 0
        ? { kind: 'lost', stream }
        : { kind: 'lost', stream, begun: { rest: plan.rest } };
    }
    tally.appends += 1;
    view.learn(plan.writes, { actor: sender.actor, at: nowMs }, result);
    return { kind: 'stored', answer: plan.answer(result) };
  }

  /**
   * An append whose outcome is unknown is repeated as it is, before anything else happens. A repeat
   * that fails plainly says nothing about the tries before it: the outcome stays unknown.
   */
  async function appendOnce(writes: readonly StreamWrite[]): Promise<AppendResult> {
    let unknown: LogUnavailable | undefined;
    for (let repeat = 0; ; repeat += 1) {
      try {
        return await log.append(writes);
      } catch (fault) {
        const isUnknown = fault instanceof LogUnavailable && fault.outcomeUnknown;
        if (isUnknown) unknown = fault;
        if (!isUnknown || repeat >= unknownRepeatsMax) throw unknown ?? fault;
      }
    }
  }

  return execute;
}

function isRefusal(value: readonly StreamWrite[] | Refusal): value is Refusal {
  return 'refused' in value;
}
