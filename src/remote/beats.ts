/** Signs of life of one run, while its program works; and when its lease is surely over. */
import { beatSchema, type Reply } from './door-client.ts';
import type { RemoteHost } from './ports.ts';
import type { RunVoice } from './run-voice.ts';

/** Why a program has to stop. */
export type Stop =
  | { readonly because: 'refused'; readonly reply: Extract<Reply<unknown>, { is: 'refused' }> }
  | { readonly because: 'lease_over'; readonly why: string };

/** First wait after something was not heard, and the longest, in ms. */
const retryMs = { first: 250, max: 10_000 };

/** A beat comes at least this many times in a lease. */
const beatsPerLease = 4;

/** The lease of a run, on this machine's monotonic clock. */
export interface Lease {
  /** Until when the run is surely ours, or may be; ms. */
  untilMonoMs: number;
}

/** How long to wait before something is tried for the n-th time again, in ms. */
export function retryDelayMs(failures: number, random: () => number): number {
  const fullMs = Math.min(retryMs.max, retryMs.first * 2 ** Math.min(failures - 1, 16));
  return fullMs * (0.5 + random() / 2);
}

/** Beats until the signal; resolves with the reason when the program has to stop before that. */
export async function beatUntil(
  voice: RunVoice,
  { lease, everyMs, signal }: { lease: Lease; everyMs: number; signal: AbortSignal },
  { clock, random, timers }: Pick<RemoteHost, 'clock' | 'random' | 'timers'>,
): Promise<Stop | undefined> {
  let failures = 0;
  for (;;) {
    const leftMs = lease.untilMonoMs - clock.monoMs();
    const nextMs = failures === 0 ? Math.min(everyMs, leftMs / beatsPerLease) : 0;
    const waitMs = failures === 0 ? nextMs : Math.min(leftMs, retryDelayMs(failures, random));
    await rest(timers, waitMs, signal);
    if (signal.aborted) return undefined;
    const reply = await voice.say('heartbeat', {}, beatSchema);
    if (reply.is === 'refused') return { because: 'refused', reply };
    failures = reply.is === 'said' ? 0 : failures + 1;
    if (reply.is === 'said') lease.untilMonoMs = clock.monoMs() + reply.body.leaseLeftMs;
    else if (clock.monoMs() >= lease.untilMonoMs)
      return { because: 'lease_over', why: whyOf(reply) };
  }
}

function whyOf(reply: Reply<unknown>): string {
  return reply.is === 'unheard' ? reply.why : reply.is;
}

/** Resolves after a while, or at the signal. */
export function rest(timers: RemoteHost['timers'], ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      cancel();
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const cancel = timers.after(signal.aborted ? 0 : Math.max(0, ms), wake);
    signal.addEventListener('abort', wake);
  });
}
