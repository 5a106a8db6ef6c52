/** What a rule finds about a task: how bad it is, the facts, and commands that help. */
import type { JsonObject } from '../limits.ts';

/** From "somebody should look" to "nothing will happen here any more"; the later, the worse. */
export const severities = ['warning', 'error', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** A command line that helps; `why` says what it does. */
export interface SuggestedAction {
  readonly command: string;
  readonly why: string;
  /** The one to begin with: exactly one action of a finding is. */
  readonly suggested: boolean;
}

/** What a rule says about a task. Times are wall clock, UTC ms. */
export interface Trouble {
  readonly severity: Severity;
  /** A few words for a list. */
  readonly title: string;
  /** A sentence or two; texts of workers in it are cut. */
  readonly detail: string;
  /** The facts it rests on; moments in it are UTC ms under names that end in `AtMs`. */
  readonly evidence: JsonObject;
  /** Null where nothing tells. */
  readonly firstSeenAtMs: number | null;
  readonly lastSeenAtMs: number | null;
  /** How often: failures, crashes, cycles, parents … */
  readonly count: number;
  readonly actions: readonly SuggestedAction[];
}

/** Whether one severity is as bad as another, or worse. */
export function isAtLeast(severity: Severity, least: Severity): boolean {
  return severities.indexOf(severity) >= severities.indexOf(least);
}

/** A command and what it does. */
export type Choice = readonly [command: string, why: string];

/** The actions in this order, the first one suggested; a choice that does not apply is left out. */
export function actions(...choices: readonly (Choice | undefined)[]): readonly SuggestedAction[] {
  return choices
    .filter((choice) => choice !== undefined)
    .map(([command, why], index) => ({ command, why, suggested: index === 0 }));
}

/** A word as a shell takes it. */
export function shellWord(text: string): string {
  return /^[\w.,:@/+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** `1 failure`, `3 failures`. */
export function several(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
