/**
 * Sends one write to the cluster until it has an answer: what may have been stored is sent again,
 * the same, and recognised by the server.
 */
import type { EventData } from '@eventstore/db-client';
import type { ExpectedVersion, Version } from '../event-log.ts';
import type { Clock, Random, Timers } from '../ports.ts';
import type { Connection } from './connection.ts';
import { type FaultFacts, faultOf, judge } from './fault.ts';

/** What to send. */
export interface Sending {
  /** Name of the stream on the cluster. */
  readonly stream: string;
  readonly expected: ExpectedVersion;
  readonly events: EventData[];
  /** When to give up, by the monotonic clock, ms. */
  readonly endAtMs: number;
}

/** The answer: the version of the last event, or where the stream stands that did not fit. */
export type Sent =
  | { readonly ok: true; readonly version: Version }
  | { readonly ok: false; readonly actual: Version };

/** Sends; rejects with a fault of the log. */
export type Send = (sending: Sending) => Promise<Sent>;

/** What sending works with. */
export interface SendDeps {
  readonly connection: Pick<Connection, 'append'>;
  /** Where, without a password. */
  readonly label: string;
  readonly clock: Pick<Clock, 'monoMs'>;
  readonly timers: Timers;
  readonly random: Random;
  /** How long one try may take, ms. */
  readonly tryMsMax: number;
}

const backoffMs = { min: 20, max: 500 };

/** Prepares sending. */
export function createSend(deps: SendDeps): Send {
  const { connection, label, clock, timers, random, tryMsMax } = deps;

  async function tryOnce({ stream, expected, events }: Sending, msLeft: number): Promise<Sent> {
    const msMax = Math.max(Math.min(tryMsMax, msLeft), 1);
    const answer = await connection.append({ stream, expected, events }, msMax);
    return { ok: true, version: Number(answer.nextExpectedRevision) };
  }

  function pause(failures: number): Promise<void> {
    const fullMs = Math.min(backoffMs.max, backoffMs.min * 2 ** (failures - 1));
    const ms = fullMs * (0.5 + random() / 2);
    return new Promise((resolve) => timers.after(ms, resolve));
  }

  return async (sending) => {
    let outcomeUnknown = false;
    for (let failures = 0; ; ) {
      try {
        return await tryOnce(sending, sending.endAtMs - clock.monoMs());
      } catch (error) {
        const judgement = judge(error);
        if (judgement.kind === 'conflict') return { ok: false, actual: judgement.actual };
        outcomeUnknown ||= judgement.kind === 'unknown';
        failures += 1;
        const facts: FaultFacts = { attempted: 'append', label, outcomeUnknown };
        const isLast = judgement.kind === 'refused' || clock.monoMs() >= sending.endAtMs;
        if (isLast) throw faultOf(error, facts);
        await pause(failures);
      }
    }
  };
}
