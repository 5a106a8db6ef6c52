/** Wall clocks that are wrong: libfaketime shows a process another time, and the steps of it. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A wall clock that is set from outside. */
export interface SteppedClock {
  /** What a process needs in its environment to see it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Sets it off by so many seconds from the right time. */
  set(offsetSeconds: number): void;
}

/** Where Debian's package `faketime` puts its library; undefined where it is not installed. */
export function findFaketime(): string | undefined {
  const places = readdirSync('/usr/lib').map((name) => join('/usr/lib', name));
  return places
    .map((place) => join(place, 'faketime/libfaketimeMT.so.1'))
    .find((path) => existsSync(path));
}

/** A clock that is right until it is set. Only the wall clock is touched, never the monotonic. */
export function createSteppedClock(library: string, controlFile: string): SteppedClock {
  const set = (seconds: number) =>
    writeFileSync(controlFile, `${seconds < 0 ? '' : '+'}${seconds}\n`);
  set(0);
  return {
    environment: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: controlFile,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
    set,
  };
}
