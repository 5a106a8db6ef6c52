/**
 * What the dispatcher knows when it plans: plain facts, gathered by `look.ts`.
 *
 * There is no clock in here. Every time is an age or a remainder, measured on the monotonic clock,
 * so that a step of the wall clock moves nothing.
 */
import type { LooseEnd } from '../../projections/index.ts';
import type { JsonObject } from '../domain/limits.ts';
import type { RunPolicy } from '../domain/policy.ts';
import type { ExitStatus } from './ports.ts';

/** Everything one plan is made from. */
export interface View {
  /** A paused board starts nothing; what runs goes on. */
  readonly isPaused: boolean;
  /**
   * The dispatcher stood still until a moment ago: who seems silent may only not have been heard.
   */
  readonly isLate: boolean;
  readonly ready: readonly ReadyTask[];
  /** Workers that may be started now, as far as the slots of this host go. */
  readonly freeSlots: number;
  /** Workers that each assignee may still have. Who is not in here is not started from here. */
  readonly freeByAssignee: ReadonlyMap<string, number>;
  /** Assignees of this host that fail everywhere. */
  readonly outages: readonly OutageView[];
  /** When the next scheduled task comes due; undefined when none is scheduled. */
  readonly nextDueInMs: number | undefined;
  readonly runs: readonly OpenRunView[];
  readonly remains: readonly RemainsView[];
  /** What others left half done, on a log that is not atomic. */
  readonly looseEnds: readonly LooseEndView[];
}

/** A task that could be claimed now. */
export interface ReadyTask {
  readonly taskId: string;
  /** Who works on it; already the default one for a task that names nobody. */
  readonly assignee: string;
  readonly isUnassigned: boolean;
  readonly priority: number;
  /** Order of age: the lower, the older. */
  readonly seq: number;
  /**
   * Its place among the latest failures of its assignee, the last being the highest; 0 when it is
   * not among them. The lower, the more it would tell whether the task or the assignee is at fault.
   */
  readonly suspicion: number;
  /** Drawn where several hosts take from one queue, so that not all take the same; else 0. */
  readonly turn: number;
}

/** An assignee that fails in the same way on one task after the other; see `domain/outage.ts`. */
export interface OutageView {
  readonly assignee: string;
  /** How it fails, and on how many tasks. */
  readonly why: string;
  /** When one run may find out whether it works again; 0 and less: now. */
  readonly probeInMs: number;
}

/** The part of a claim's policy that its run is judged by, in ms. */
export type ClaimTerms = Pick<RunPolicy, 'crashGraceMs' | 'maxSilentMs' | 'staleAfterMs'>;

/** An open run, whoever started it. */
export interface OpenRunView {
  readonly runId: string;
  readonly taskId: string;
  /** Version of the run's stream at which all this was read: the right to end it. */
  readonly version: number;
  /**
   * Where its worker is: on this host, where its process can be looked at; on another host, whose
   * own dispatchers renew its lease; or outside, a program that claimed through a door.
   */
  readonly place: 'here' | 'other_host' | 'outside';
  /** Whether this dispatcher started it, and so is the first to renew its lease. */
  readonly isMine: boolean;
  /** Whether the age of its lease is known: not of a run that was adopted and not heard of yet. */
  readonly isAgeKnown: boolean;
  readonly isSpawned: boolean;
  /** Whether this very process is about to start its worker. */
  readonly isBeingLaunched: boolean;
  readonly leaseMs: number;
  readonly launchLeaseMs: number;
  /** What its claim recorded of the policy; undefined where the tables do not have it. */
  readonly terms: ClaimTerms | undefined;
  /** The longest it may take; 0 = no limit. */
  readonly maxRuntimeMs: number;
  /** Who set that limit. */
  readonly maxRuntimeFrom: 'task' | 'worker' | 'policy';
  readonly ages: RunAges;
  /** What was seen of its process; undefined for one that is not here, or not spawned yet. */
  readonly worker: WorkerSight | undefined;
  /** For evidence: who claimed it, and when it last showed life (wall clock, UTC ms). */
  readonly claimedBy: string;
  readonly lastSignAtMs: number;
}

/** How long something has been so, in ms. */
export interface RunAges {
  /** Since its worker was spawned; before that, since it was claimed. */
  readonly runMs: number;
  /** Since the last sign of life or renewal of the lease. */
  readonly leaseMs: number;
  /** Since the last progress: a beat, a note, usage, output. */
  readonly quietMs: number;
}

/** What was seen of a worker's process, with the facts as they go into the log. */
export type WorkerSight = PresentWorker | EndedWorker;

/**
 * `stopped`: every process of the worker stands still, as after SIGSTOP. `unknown` is no answer.
 */
export interface PresentWorker {
  readonly is: 'alive' | 'stopped' | 'unknown';
  readonly evidence: JsonObject;
}

/** A worker that has come to its end. */
export interface EndedWorker {
  readonly is: 'ended';
  readonly end: WorkerEnd;
  /**
   * `exit`: its parent said so. `boot`: it was of an earlier boot of this host. `pid`: no such
   * process was found, nothing more.
   */
  readonly knownBy: 'exit' | 'boot' | 'pid';
  /** How long ago its end was noticed. */
  readonly sinceMs: number;
  /** Whether the worker definition says what this end means, so that no other word is awaited. */
  readonly isAnswer: boolean;
  readonly evidence: JsonObject;
}

/**
 * How a worker came to its end. `lost`: gone, and nobody wrote down how. `never_started`: its
 * launcher was not let go and left without having done anything.
 */
export type WorkerEnd = ExitStatus | 'lost' | 'never_started';

/** A run that is over and may have left processes, a workspace and a slot behind. */
export interface RemainsView {
  readonly runId: string;
  /** Its worker ended it by its own word, and so is about to leave by itself. */
  readonly isLeaving: boolean;
  readonly hasExited: boolean;
  /** Since the end of the run was noticed. */
  readonly sinceMs: number;
}

/** Something that was begun and is not finished; whoever began may be about to finish it. */
export interface LooseEndView extends LooseEnd {
  /** Since it was first seen. */
  readonly sinceMs: number;
  /** How long this dispatcher leaves it to others, from then on. */
  readonly patienceMs: number;
}
