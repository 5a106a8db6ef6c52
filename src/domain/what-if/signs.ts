/** The signs of life of one run as they come in: only the long silences between them are kept. */
import type { Heartbeats } from '../run/events.ts';
import type { Trace } from './trace.ts';

/** What was heard of a run so far; moments come in as UTC ms and go out as ms since the claim. */
export interface Signs {
  /** It moved. */
  sign(atMs: number): void;
  /** It beat, and left out so many beats before. */
  beat(atMs: number, coalesced: number): void;
  /** Its process was seen, which is no progress. */
  seen(atMs: number): void;
  /** Where it was seen after its last progress, it was silent until then, and lived. */
  seenWithoutProgress(): void;
  /**
   * Puts the summary of its beats in the place of those that are gone, if any are: the longest
   * silence between them is taken to have been the last. Answers whether there are.
   */
  fillIn(beats: Heartbeats): boolean;
  /** The moment as ms since the claim, not before the last sign. */
  since(atMs: number): number;
  read(): Pick<Trace, 'silences' | 'lastSignMs' | 'lastSeenMs'>;
}

const none = new Float64Array(0);

/** No sign yet but the claim. Only silences longer than this are kept. */
export function createSigns(claimedAtMs: number, keptAboveMs: number): Signs {
  const silences: number[] = [];
  let [lastSignMs, lastSeenMs, beats] = [0, 0, 0];

  /** A wall clock that was set back makes no sign come before the one before it. */
  function since(atMs: number): number {
    return Math.max(atMs - claimedAtMs, lastSeenMs);
  }

  function sign(atMs: number): void {
    keep(lastSignMs, Math.max(atMs - claimedAtMs, lastSignMs));
  }

  function keep(fromMs: number, toMs: number): void {
    note(fromMs, toMs);
    lastSignMs = toMs;
    lastSeenMs = Math.max(lastSeenMs, toMs);
  }

  function note(fromMs: number, toMs: number): void {
    if (toMs - fromMs > keptAboveMs) silences.push(fromMs, toMs - fromMs);
  }

  function seenWithoutProgress(): void {
    note(lastSignMs, lastSeenMs);
  }

  function beat(atMs: number, coalesced: number): void {
    beats += 1 + coalesced;
    sign(atMs);
  }

  function seen(atMs: number): void {
    lastSeenMs = since(atMs);
  }

  function fillIn({ count, firstAt, lastAt, maxGapMs }: Heartbeats): boolean {
    if (count <= beats || firstAt === undefined || lastAt === undefined) return false;
    const fromMs = Math.max(lastAt - claimedAtMs - maxGapMs, lastSignMs);
    if (firstAt - claimedAtMs <= fromMs) sign(firstAt);
    lastSignMs = fromMs;
    sign(lastAt);
    return true;
  }

  function read() {
    return {
      silences: silences.length === 0 ? none : Float64Array.from(silences),
      lastSignMs,
      lastSeenMs,
    };
  }

  return { sign, beat, seen, seenWithoutProgress, fillIn, since, read };
}
