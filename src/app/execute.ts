/** Load, decide, append at the expected version, bounded retry: the only retry loop there is. */
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
import type { Caller, Plan } from './plan.ts';

/** The same command lost the race for its stream again and again; nothing was stored. */
export class Contended extends Error {
  override readonly name = 'Contended';
  readonly code = 'contended';
  readonly hint = 'Many writers want this stream at once: try again in a moment.';
  readonly retryable = true;

  constructor(stream: string, attempts: number) {
    super(`Gave up writing to ${stream} after losing the race ${attempts} times.`);
  }
}

/** Runs one command: plans it on fresh state and appends, again when somebody else was faster. */
export type Execute = <T>(
  caller: Caller,
  plan: (nowMs: number) => Promise<Plan<T> | Refusal>,
) => Promise<T | Refusal>;

/** Lost races after which a command gives up. */
export const attemptsMax = 50;
/** Repeats of one append whose outcome stayed unknown. */
const unknownRepeatsMax = 3;
/** The loop over these parts; `newId` makes command ids. */
export function createExecute(deps: {
  log: EventLog;
  codec: Codec;
  clock: Clock;
  newId: () => string;
}): Execute {
  const { log, codec, clock, newId } = deps;

  async function execute<T>(
    caller: Caller,
    plan: (nowMs: number) => Promise<Plan<T> | Refusal>,
  ): Promise<T | Refusal> {
    const commandId = caller.commandId ?? newId();
    for (let attempt = 1; ; attempt += 1) {
      const nowMs = clock.nowMs();
      const planned = await plan(nowMs);
      if (planned.refused) return planned;
      if (planned.writes.every((write) => write.events.length === 0)) {
        return planned.answer({ position: undefined, versions: [] });
      }
      const envelope = { caller: { ...caller, commandId }, nowMs };
      const writes = encodePlan(codec, planned, envelope);
      if (isRefusal(writes)) return writes;
      const result = await appendOnce(writes);
      if (result.ok) return planned.answer(result);
      if (attempt >= attemptsMax) throw new Contended(result.stream, attempt);
    }
  }

  /** An append whose outcome is unknown is repeated as it is, before anything else happens. */
  async function appendOnce(writes: readonly StreamWrite[]): Promise<AppendResult> {
    for (let repeat = 0; ; repeat += 1) {
      try {
        return await log.append(writes);
      } catch (fault) {
        const isUnknown = fault instanceof LogUnavailable && fault.outcomeUnknown;
        if (!isUnknown || repeat >= unknownRepeatsMax) throw fault;
      }
    }
  }

  return execute;
}

function isRefusal(value: readonly StreamWrite[] | Refusal): value is Refusal {
  return 'refused' in value;
}
