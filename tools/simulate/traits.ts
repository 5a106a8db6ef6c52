/** What a simulation is like: its size, its rules and its weather, all drawn from its seed. */
import type { WorkerDefinitionInput } from '../../src/dispatcher/worker-definition.ts';
import { defaultPolicy, type Policy } from '../../src/domain/policy.ts';
import type { Chance } from '../trial/chance.ts';

/** Everything that is fixed before a simulation begins. */
export interface Traits {
  /** The log is not atomic, and every host has hosts beside it. */
  readonly isCluster: boolean;
  readonly hosts: number;
  readonly dispatchers: number;
  readonly tasks: number;
  /** How long things may go wrong, in ms. */
  readonly foulMs: number;
  readonly policy: Policy;
  readonly definitions: Readonly<Record<string, WorkerDefinitionInput>>;
  /** Workers at once, by assignee; who is not in here has no limit. */
  readonly maxOf: Readonly<Record<string, number>>;
  /** Assignees whose exit codes are answers. */
  readonly answersByExit: readonly string[];
  readonly line: LineTraits;
  /** Pids of each host: with few of them, they are used again soon. */
  readonly pids: number;
  readonly spawnFailures: number;
  readonly pidReuse: number;
  readonly hiding: { readonly probability: number; readonly ms: number };
  /** Mishaps by kind: how many of them there are. */
  readonly mishaps: Readonly<Record<MishapKind, number>>;
}

/** How likely each mishap is, for every append or hint. */
export interface LineTraits {
  /** The append is stored, and its answer lost. */
  readonly lostAnswer: number;
  /** The append is lost, and nobody can tell. */
  readonly lostAppend: number;
  /** The append fails plainly. */
  readonly failure: number;
  readonly lostHint: number;
  readonly doubledHint: number;
  /** How late a hint may come, in ms. */
  readonly hintMsMax: number;
}

/** What may happen to a host, a dispatcher or the log, at a moment of its own. */
export type MishapKind =
  | 'death'
  | 'death_at_call'
  | 'suspension'
  | 'graceful_stop'
  | 'host_sleep'
  | 'reboot'
  | 'wall_step'
  | 'log_slow'
  | 'log_down'
  | 'blind'
  | 'worker_kill'
  | 'deaf_parent'
  | 'cut_off'
  | 'forgery';

/** Sizes a person may ask for, instead of what would be drawn. */
export interface Sizes {
  readonly tasks?: number;
  readonly dispatchers?: number;
  /** Over a log that is not atomic. */
  readonly isCluster?: boolean;
}

/** Draws the traits of a seed. */
export function drawTraits(chance: Chance, sizes: Sizes = {}): Traits {
  const scale = chance.weighted({ small: 950, medium: 47, large: 3 });
  const tasksMax = { small: 5, medium: 20, large: 200 }[scale];
  const tasks = sizes.tasks ?? chance.whole(scale === 'large' ? 30 : 1, tasksMax);
  const dispatchersMax = { small: 3, medium: 6, large: 10 }[scale];
  const { isCluster = false } = sizes;
  const hostsOfMachine = chance.happens(0.2) ? 2 : 1;
  const hosts = isCluster ? chance.fork('cluster').whole(1, 3) : hostsOfMachine;
  const capped = chance.whole(1, 2);
  const policy = drawPolicy(chance, scale === 'large');
  return {
    isCluster,
    hosts,
    dispatchers: sizes.dispatchers ?? chance.whole(hosts, Math.max(hosts, dispatchersMax)),
    tasks,
    foulMs: chance.between(4_000, 10_000 + tasks * 500),
    policy,
    definitions: {
      agent: { run: ['agent'] },
      script: { run: ['script'], onExit: { 0: 'complete', 75: 'retry', '*': 'fail' } },
      capped: { run: ['capped'], max: capped },
    },
    maxOf: { capped },
    answersByExit: ['script'],
    line: drawLine(chance),
    pids: chance.happens(0.3) ? 8 : 10_000,
    spawnFailures: chance.happens(0.2) ? 0.1 : 0,
    pidReuse: chance.happens(0.3) ? 0.9 : 0,
    hiding: drawHiding(chance, policy),
    mishaps: {
      ...drawMishaps(chance, scale === 'large' ? 3 : 1),
      cut_off: isCluster ? chance.fork('cut off').whole(0, 3) : 0,
    },
  };
}

function drawPolicy(chance: Chance, isLarge: boolean): Policy {
  return {
    ...defaultPolicy,
    claimTtlMs: chance.whole(3_000, 10_000),
    crashGraceMs: chance.pick([0, 5_000, 5_000, 10_000]),
    launchLeaseMs: chance.whole(2_000, 6_000),
    heartbeatEveryMs: 1_000,
    maxSilentMs: chance.whole(10_000, 20_000),
    staleAfterMs: chance.whole(8_000, 15_000),
    maxRuntimeMs: chance.happens(0.5) ? chance.whole(6_000, 20_000) : 0,
    drainMs: chance.whole(200, 2_000),
    killGraceMs: chance.whole(300, 2_000),
    failureLimit: chance.whole(1, 4),
    recoveryLimit: chance.whole(1, 5),
    releaseLimit: chance.whole(1, 5),
    holdLimit: chance.whole(1, 5),
    retryBackoffMs: chance.whole(100, 1_000),
    retryBackoffMaxMs: 5_000,
    rateLimitHoldMs: chance.whole(500, 5_000),
    rateLimitHoldMaxMs: 5_000,
    maxRunning: !isLarge && chance.happens(0.4) ? manySlots : chance.whole(1, 5),
  };
}

/**
 * What is not seen yet is seen before the crash grace is over: that is what the grace is for. Slots
 * have none, so this comes only where there are enough of them.
 */
function drawHiding(chance: Chance, { crashGraceMs, maxRunning }: Policy): Traits['hiding'] {
  const isPossible = maxRunning >= manySlots;
  return { probability: isPossible && chance.happens(0.6) ? 0.5 : 0, ms: crashGraceMs * 0.8 };
}

/** More than a small simulation needs. */
const manySlots = 16;

function drawLine(chance: Chance): LineTraits {
  const isBad = chance.happens(0.5);
  return {
    lostAnswer: isBad ? 0.04 : 0,
    lostAppend: isBad ? 0.03 : 0,
    failure: isBad ? 0.03 : 0,
    lostHint: chance.pick([0, 0.3, 1]),
    doubledHint: 0.1,
    hintMsMax: chance.pick([5, 200, 3_000]),
  };
}

/** Each kind of mishap comes to some simulations only: too many at once hide one another. */
function drawMishaps(chance: Chance, times: number): Omit<Traits['mishaps'], 'cut_off'> {
  const some = (probability: number, max: number) =>
    chance.happens(probability) ? chance.whole(1, max * times) : 0;
  return {
    death: some(0.3, 3),
    death_at_call: some(0.4, 4),
    suspension: some(0.25, 2),
    graceful_stop: some(0.1, 1),
    host_sleep: some(0.08, 1),
    reboot: some(0.08, 1),
    wall_step: some(0.25, 4),
    log_slow: some(0.15, 2),
    log_down: some(0.15, 2),
    blind: some(0.15, 2),
    worker_kill: some(0.2, 3),
    deaf_parent: some(0.1, 1),
    forgery: some(0.2, 4),
  };
}
