/** Sends on what a program prints, each byte once, while the door wants it. */
import { rest } from './beats.ts';
import { outputSchema } from './door-client.ts';
import type { RemoteHost } from './ports.ts';
import type { RunVoice } from './run-voice.ts';

/** How often the output is looked at, in ms. */
const lookEveryMs = 250;

/** Output on its way. */
export interface OutputSender {
  /** Sends what is there and what comes, until the signal. */
  follow(signal: AbortSignal): Promise<void>;
  /**
   * Sends what is left, once. Answers whether that was all: it was heard, or is not wanted, or
   * cannot be read.
   */
  flush(): Promise<boolean>;
}

/** What a sender takes from the machine. */
export interface OutputParts extends Pick<RemoteHost, 'outputSize' | 'readOutput' | 'timers'> {
  /** Told that the output cannot be read: once, until it can be again. */
  readonly onFault: (fault: unknown) => void;
}

/** The sender of one run. None of what it promises is ever rejected. */
export function createOutputSender(
  runId: string,
  voice: RunVoice,
  { outputSize, readOutput, timers, onFault }: OutputParts,
): OutputSender {
  /** Place in the file, which is cut to nothing when it is too long; and in all of the output. */
  let at = 0;
  let offset = 0;
  let isWanted = true;
  let isFaultTold = false;

  /** The next piece; undefined while it cannot be read. */
  async function nextPiece(): Promise<Uint8Array | undefined> {
    try {
      if (outputSize(runId) < at) at = 0;
      const piece = await readOutput(runId, at);
      isFaultTold = false;
      return piece;
    } catch (fault) {
      if (!isFaultTold) onFault(fault);
      isFaultTold = true;
      return undefined;
    }
  }

  /** `more`: there may be; `all`: everything was sent that can be; `unheard`: try again. */
  async function sendNext(): Promise<'more' | 'all' | 'unheard'> {
    const piece = await nextPiece();
    if (piece === undefined || piece.length === 0) return 'all';
    const reply = await voice.say(`log?offset=${offset}`, new Uint8Array(piece), outputSchema);
    if (reply.is === 'unheard') return 'unheard';
    if (reply.is === 'said') {
      at += piece.length;
      offset = reply.body.next;
      return 'more';
    }
    const { next } = reply.is === 'refused' ? reply.facts : {};
    if (typeof next === 'number' && next < offset) offset = next;
    else isWanted = false;
    return 'more';
  }

  async function flush(): Promise<boolean> {
    while (isWanted) {
      const sent = await sendNext();
      if (sent !== 'more') return sent === 'all';
    }
    return true;
  }

  return {
    flush,
    async follow(signal) {
      while (!signal.aborted && isWanted) {
        await flush();
        await rest(timers, lookEveryMs, signal);
      }
    },
  };
}
