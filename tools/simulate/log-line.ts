/**
 * The line between a process and the log: every append, read and hint takes its time, answers get
 * lost, hints come late, twice or never, and for a while the log may be slow or out of reach.
 */
import {
  type AppendResult,
  type EventLog,
  LogUnavailable,
  type StreamWrite,
} from '../../src/log/event-log.ts';
import { piecewise } from '../trial/piecewise-log.ts';
import type { Actor, Span } from './actor.ts';
import type { Stage } from './stage.ts';

const spans = {
  append: [1, 10],
  read: [0.2, 2],
  slow: [100, 2_000],
  timeout: [50, 500],
} as const satisfies Record<string, Span>;

/** The log as one process reaches it: in one piece or, in a cluster, write by write. */
export function connect(stage: Stage, actor: Actor): EventLog {
  const line = lineTo(stage, actor);
  return stage.traits.isCluster ? inPieces(line, stage, actor) : line;
}

/** How likely it is that a process in a cluster gets no further than the first write. */
const cutShort = 0.04;

function inPieces(line: EventLog, stage: Stage, actor: Actor): EventLog {
  const log = piecewise(line);
  const chance = actor.chance.fork('pieces');
  const drawn = new WeakMap<object, boolean>();

  /** An append that was cut short once stays so, however often it is repeated. */
  async function append(writes: readonly StreamWrite[]): Promise<AppendResult> {
    const isCut = drawn.get(writes) ?? (stage.isFoul() && chance.happens(cutShort));
    drawn.set(writes, isCut);
    if (!isCut) return log.append(writes);
    const decision = writes.find(({ events }) => events.length > 0);
    const guards = writes.filter(({ events }) => events.length === 0);
    await log.append(decision === undefined ? guards : [decision, ...guards]);
    throw unavailable(true);
  }

  return { ...log, append };
}

function lineTo(stage: Stage, actor: Actor): EventLog {
  const { time } = stage;
  const log = stage.logOn(actor.hostId);
  const chance = actor.chance.fork('line');

  function reach<T>(effect: () => T | Promise<T>, usual: Span): Promise<T> {
    switch (stage.logCondition()) {
      case 'fine':
        return actor.call(effect, usual);
      case 'slow':
        return actor.call(effect, spans.slow);
      case 'down':
        return actor.call(() => {
          throw unavailable(false);
        }, spans.timeout);
    }
  }

  async function append(writes: Parameters<EventLog['append']>[0]): Promise<AppendResult> {
    const mishap = stage.isFoul() ? drawMishap() : 'none';
    return reach(async () => {
      if (mishap === 'failure') throw unavailable(false);
      if (mishap === 'lostAppend') throw unavailable(true);
      const result = await log.append(writes);
      await stage.watch.look();
      if (mishap === 'lostAnswer') throw unavailable(true);
      return result;
    }, spans.append);
  }

  function drawMishap(): 'lostAnswer' | 'lostAppend' | 'failure' | 'none' {
    const { lostAnswer, lostAppend, failure } = stage.traits.line;
    const none = 1 - lostAnswer - lostAppend - failure;
    return chance.weighted({ none, lostAnswer, lostAppend, failure });
  }

  function onHint(listener: () => void): () => void {
    const { lostHint, doubledHint, hintMsMax } = stage.traits.line;
    const ring = () => void time.after(chance.between(0, hintMsMax), listener, actor);
    const stop = log.onHint(() => {
      if (!actor.isAlive) return stop();
      if (stage.isFoul() && chance.happens(lostHint)) return;
      ring();
      if (chance.happens(doubledHint)) ring();
    });
    return stop;
  }

  return {
    epoch: log.epoch,
    atomic: log.atomic,
    append,
    readStream: (stream, options) => reach(() => log.readStream(stream, options), spans.read),
    readAll: (options) => reach(() => log.readAll(options), spans.read),
    head: () => reach(() => log.head(), spans.read),
    hashAt: (position) => reach(() => log.hashAt(position), spans.read),
    hashBefore: (position) => reach(() => log.hashBefore(position), spans.read),
    behindMs: () => log.behindMs?.() ?? 0,
    writingRefused: () => log.writingRefused(),
    onHint,
    close: async () => {},
  };
}

function unavailable(outcomeUnknown: boolean): LogUnavailable {
  return new LogUnavailable('The log did not answer.', {
    code: outcomeUnknown ? 'answer_lost' : 'busy',
    hint: 'Try again.',
    retryable: true,
    outcomeUnknown,
  });
}
