/**
 * A log with a hand in it: lets something happen just before an append, which is the moment every
 * race is about, and loses answers, as a network does.
 */
import {
  type AppendResult,
  type EventLog,
  LogUnavailable,
  type StreamWrite,
} from '../../src/log/event-log.ts';

/** What becomes of an append whose answer is lost. */
export type Lost = 'stored' | 'not_stored';

/** A log that tests can meddle with. */
export interface MeddledLog extends EventLog {
  /** Every append that was tried, in order. */
  readonly tries: readonly (readonly StreamWrite[])[];
  /** Runs once, after the next append was decided on and before it reaches the log. */
  beforeNextAppend(meddle: () => Promise<unknown>): void;
  /** Runs before every append from now on. */
  beforeEveryAppend(meddle: () => Promise<unknown>): void;
  /** The answers of the next appends are lost, one for each entry. */
  loseAnswers(...losses: readonly Lost[]): void;
  /** The next append fails, plainly and without storing anything. */
  failNext(fault: Error): void;
}

/** Puts a hand into a log. */
export function meddleWith(log: EventLog): MeddledLog {
  const tries: (readonly StreamWrite[])[] = [];
  const meddlings: (() => Promise<unknown>)[] = [];
  const losses: Lost[] = [];
  let always = async (): Promise<unknown> => undefined;
  let fault: Error | undefined;

  async function append(writes: readonly StreamWrite[]): Promise<AppendResult> {
    tries.push(writes);
    await always();
    await meddlings.shift()?.();
    const failure = fault;
    fault = undefined;
    if (failure !== undefined) throw failure;
    const loss = losses.shift();
    if (loss === undefined) return log.append(writes);
    if (loss === 'stored') await log.append(writes);
    throw answerLost();
  }

  return {
    epoch: log.epoch,
    atomic: log.atomic,
    append,
    readStream: (stream, options) => log.readStream(stream, options),
    readAll: (options) => log.readAll(options),
    head: () => log.head(),
    writingRefused: () => log.writingRefused(),
    hashAt: (position) => log.hashAt(position),
    hashBefore: (position) => log.hashBefore(position),
    onHint: (listener) => log.onHint(listener),
    close: () => log.close(),
    tries,
    beforeNextAppend: (meddle) => meddlings.push(meddle),
    beforeEveryAppend: (meddle) => {
      always = meddle;
    },
    loseAnswers: (...more) => losses.push(...more),
    failNext: (next) => {
      fault = next;
    },
  };
}

function answerLost(): LogUnavailable {
  return new LogUnavailable('The line was cut before the answer came.', {
    code: 'answer_lost',
    hint: 'Repeat the same append.',
    retryable: true,
    outcomeUnknown: true,
  });
}
