/** What an answer to "why?" is made of. Everything in it stands in the log, or is said not to. */
import type { EventType } from '../catalogue.ts';
import type { Actor, Surface } from '../event.ts';
import type { JsonObject } from '../limits.ts';
import type { Status } from '../readiness.ts';
import type { RunOutcome } from '../task/events.ts';

/** The rules that bring tasks and runs to where they stand. These names are permanent. */
export const ruleNames = [
  // Tasks that wait.
  'unspecified',
  'parents_open',
  'parents_given_up',
  'not_before',
  'backoff',
  'rate_limit',
  'outage_hold',
  // Tasks that are ready.
  'board_paused',
  'nobody_assigned',
  'no_dispatcher',
  'no_worker_definition',
  'host_lacks_capability',
  'outage_probe',
  'assignee_cap',
  'host_cap',
  'free_to_start',
  // Runs that are open.
  'claimed',
  'launching',
  'silent_beyond_lease',
  // Words of workers and of people.
  'said_by_worker',
  'said_by_person',
  'exit_means',
  'review_asked',
  'review_approved',
  'put_away',
  'removed',
  // Judgements.
  'launch_lease_over',
  'never_let_go',
  'taken_by_person',
  'lease_over_stopped',
  'lease_over_unseen',
  'lease_over_other_host',
  'lease_over',
  'exit_code',
  'ended_by_signal',
  'process_gone',
  'guard_refused',
  'max_runtime',
  'no_progress',
  'not_spawned',
  'no_answer',
  'try_again_later',
  'task_moved_on',
  'over_cap',
  'breaker',
] as const;
export type RuleName = (typeof ruleNames)[number];

/** A rule, with the figures it had when it decided. */
export interface Rule {
  readonly name: RuleName;
  /** The rule as half a sentence, its figures with their units. */
  readonly text: string;
  /** The same figures for programs: durations end in `Ms`, moments in `AtMs`. */
  readonly inputs: JsonObject;
}

/** Something that was there to be seen, and where the log says so. */
export interface Sighting {
  readonly text: string;
  /** Null for what follows from no single event. */
  readonly position: number | null;
  /** Wall clock, UTC ms, for display; null where nothing tells. */
  readonly atMs: number | null;
}

/** Who decided, through which door, and in which event. */
export interface Decider {
  readonly kind: Actor['kind'];
  readonly id: string;
  readonly surface: Surface;
  readonly position: number;
  readonly atMs: number;
}

/** An event on the way to where the subject stands. */
export interface Link {
  readonly position: number;
  readonly atMs: number;
  readonly type: EventType;
  readonly taskId: string;
  readonly runId: string | null;
  /** A few words about the event. */
  readonly text: string;
  /** Position of the link it followed from; null for the first. */
  readonly causedBy: number | null;
}

/** A write that was refused, and why. */
export interface RefusedWrite {
  readonly position: number;
  readonly atMs: number;
  readonly runId: string;
  /** The command, such as `CompleteRun`; null where writes were only counted from here on. */
  readonly attempted: string | null;
  readonly code: string | null;
  readonly by: { readonly kind: Actor['kind']; readonly id: string } | null;
  /** The rule it broke, as half a sentence. */
  readonly text: string;
  /** What the writer was told; null where that was not recorded. */
  readonly told: string | null;
  /** Version of the run that was found. */
  readonly actualVersion: number | null;
}

/** What is explained: a task or a run, and where it stands. */
export type ExplainedSubject =
  | { readonly kind: 'task'; readonly id: string; readonly status: Status }
  | {
      readonly kind: 'run';
      readonly id: string;
      readonly taskId: string;
      /** Null while it is open. */
      readonly outcome: RunOutcome | null;
    };

/** What a rule for one status or outcome says. */
export interface Reason {
  /** The whole answer as half a sentence. */
  readonly headline: string;
  readonly rule: Rule;
  readonly seen: readonly Sighting[];
  /** Null where nobody decided: a clock or the absence of something. */
  readonly decidedBy: Decider | null;
  /** What would have prevented it, or what helps now; commands stand in backticks. */
  readonly prevention: readonly string[];
  /** What the log does not say, though somebody who asks would want to know. */
  readonly unknown: readonly string[];
}

/** The answer to "why?". */
export interface Explanation extends Reason {
  readonly refused: false;
  readonly subject: ExplainedSubject;
  /** Oldest first; each link is the cause of the next. */
  readonly chain: readonly Link[];
  /** Links before the first one that are known and left out. */
  readonly more: number;
  /** Writes to its runs that were refused, oldest first; the last few. */
  readonly refusals: readonly RefusedWrite[];
  /** Refused writes before those. */
  readonly refusalsMore: number;
}
