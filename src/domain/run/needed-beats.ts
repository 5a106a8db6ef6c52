/**
 * Which beats of an ended run its state still rests on, once its terminal event sums up the rest:
 * those that last changed its note and its progress.
 */
import type { RunEvent } from './events.ts';

type Beat = Extract<RunEvent, { type: 'HeartbeatRecorded' }>['data'];

/** Takes the beats of one run, in order, and knows which must stay. */
export interface NeededBeats {
  /** `version` is the beat's place in its stream. */
  add(version: number, beat: Beat): void;
  /** Versions of the beats without which the run would fold to another state. */
  needed(): ReadonlySet<number>;
}

/** Begins with a run that has no beats yet. */
export function createNeededBeats(): NeededBeats {
  const note = createLastChange();
  const progress = createLastChange();
  return {
    add(version, beat) {
      if (beat.note !== undefined) note.say(version, beat.note);
      if (beat.progress !== undefined) progress.say(version, beat.progress);
    },
    needed: () => new Set([...note.needed(), ...progress.needed()]),
  };
}

/**
 * The last change of a value. Where the value had been the same before, the change before it is
 * needed as well: without it, and in between while beats are being taken out, the last one might
 * look like no change, and the run as if its worker had made progress earlier than it did.
 */
function createLastChange() {
  const said = new Set<unknown>();
  let value: unknown;
  let last: number | undefined;
  let before: number | undefined;
  let isReturn = false;

  function say(version: number, next: unknown): void {
    if (last !== undefined && next === value) return;
    [before, last, value] = [last, version, next];
    isReturn = said.has(next);
    said.add(next);
  }

  function needed(): number[] {
    const versions = isReturn ? [before, last] : [last];
    return versions.filter((version) => version !== undefined);
  }

  return { say, needed };
}
