/** What happened, in the order it happened: the history that a violation is told with. */

/** One thing that happened. */
export interface Entry {
  readonly atMs: number;
  /** Whom it concerns: task ids, run ids, names of processes. */
  readonly about: readonly string[];
  readonly text: string;
}

/** The history of one simulation. */
export interface Journal {
  /** Takes note; `text` is only made when histories are kept. */
  note(about: readonly string[], text: () => string): void;
  entries(): readonly Entry[];
}

/** A journal; one that is not kept costs nothing. */
export function createJournal(nowMs: () => number, isKept: boolean): Journal {
  const entries: Entry[] = [];
  return {
    note(about, text) {
      if (isKept) entries.push({ atMs: nowMs(), about, text: text() });
    },
    entries: () => entries,
  };
}

/** The part of a history that concerns somebody: what names it, and what concerns everybody. */
export function historyOf(entries: readonly Entry[], about: readonly string[]): readonly Entry[] {
  const wanted = new Set(about);
  return entries.filter((entry) => entry.about.some((name) => name === '*' || wanted.has(name)));
}

/** A line for people: the moment in seconds, and what happened. */
export function lineOf({ atMs, text }: Entry): string {
  return `${(atMs / 1_000).toFixed(3).padStart(9)} s  ${text}`;
}
