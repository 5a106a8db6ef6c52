/** Clocks along the slider of the past: where it is divided evenly, what time it was. */
import type { Chronicle } from './chronicle.ts';

/** A place on the slider, 0 to 1, and what the clock said there; empty where nothing was read. */
export interface TimeMark {
  readonly share: number;
  readonly words: string;
}

/** Where a position stands between the first and the last one, 0 to 1. */
export function shareOf(position: number, first: number, last: number): number {
  return last === first ? 0 : (position - first) / (last - first);
}

/** The marks from one end to the other, in so many parts; a day is said where it begins. */
export function timeMarks(chronicle: Chronicle, last: number, parts: number): readonly TimeMark[] {
  const { first } = chronicle;
  let day = '';
  return Array.from({ length: parts + 1 }, (_, index) => {
    const share = index / parts;
    const position = Math.round(first + (last - first) * share);
    if (position > chronicle.last()) return { share, words: '' };
    const atMs = chronicle.atMs(position);
    const [before, today] = [day, days.format(atMs)];
    day = today;
    const time = times.format(atMs);
    return { share, words: before === today ? time : `${today} ${time}` };
  });
}

const times = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const days = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
