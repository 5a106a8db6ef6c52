/** Why a run was ended from outside: what was judged, by which rule, on which figures. */
import { spokenDuration } from '../duration.ts';
import { type Ended, ended, figures, rule } from './ended-run.ts';
import type { Reason, Rule } from './explanation.ts';
import { openingOf, spawnOf } from './facts.ts';
import { because, exceeds, nameOf, quoted } from './saying.ts';

/** Taken from its worker: a person wanted it back, or its lease ran out. */
export function reclaimed(facts: Ended<'RunReclaimed'>): Reason {
  const { ending, name, run } = facts;
  const by = nameOf(ending.meta.actor);
  const verdict = reclaimRule(facts);
  return ended(facts, {
    headline: because(`${name} was reclaimed by ${by}`, ending.data.reason),
    rule: verdict.rule,
    prevention: verdict.prevention.map((line) => line.replaceAll('RUN', run.runId)),
    unknown: [
      verdict.isMeasured && facts.evidence.leaseAgeMs === undefined
        ? 'for how long it had been silent: the event carries no ages'
        : undefined,
    ],
  });
}

interface ReclaimRule {
  readonly rule: Rule;
  readonly prevention: readonly string[];
  /** Whether silence was measured against a lease. */
  readonly isMeasured: boolean;
}

function reclaimRule(facts: Ended<'RunReclaimed'>): ReclaimRule {
  const { evidence, ending } = facts;
  const inputs = figures(facts);
  if (ending.meta.actor.kind !== 'dispatcher') {
    const text = because(
      `${nameOf(ending.meta.actor)} took the task from its run`,
      ending.data.reason,
    );
    return { ...unmeasured, rule: rule('taken_by_person', text, inputs), prevention: beforeTaking };
  }
  if (evidence.isNotStarted) {
    const text = 'its dispatcher ended before it let the worker go, and nothing was done';
    return { ...unmeasured, rule: rule('never_let_go', text, inputs), prevention: sameDispatcher };
  }
  const limitMs = evidence.leaseMs ?? facts.policy?.claimTtlMs;
  const [ruleName, seen, prevention] = silence(facts);
  const isLaunch = ruleName === 'launch_lease_over';
  const limit = { name: isLaunch ? 'launch lease' : 'lease', ms: limitMs ?? 0 };
  const what = isLaunch ? 'not started for' : silentSince(facts);
  const figure =
    limitMs === undefined ? 'its lease is over' : exceeds(what, evidence.leaseAgeMs, limit);
  const text = seen === '' ? figure : `${figure}, and ${seen}`;
  return { rule: rule(ruleName, text, inputs), prevention, isMeasured: true };
}

const unmeasured = { isMeasured: false } as const;

/** A renewal counts like a sign of life for the lease, but not as silence. */
function silentSince({ evidence: { leaseAgeMs, quietMs } }: Ended<'RunReclaimed'>): string {
  const isRenewed = leaseAgeMs !== undefined && quietMs !== undefined && quietMs > leaseAgeMs;
  return isRenewed ? `silent ${spokenDuration(quietMs)}, lease not renewed for` : 'silent';
}

type Silence = readonly [name: Rule['name'], seen: string, prevention: readonly string[]];

function silence({ evidence, run }: Ended<'RunReclaimed'>): Silence {
  const { place, process, pid, states } = evidence;
  if (place !== 'outside' && spawnOf(run) === undefined) {
    return ['launch_lease_over', 'no worker was spawned', slowHost];
  }
  if (process === 'stopped') {
    const name = pid === undefined ? 'its process' : `process ${pid}`;
    const state = states === undefined ? '' : ` (state ${states})`;
    return ['lease_over_stopped', `${name} stands still${state}`, frozen];
  }
  if (place === 'here') return ['lease_over_unseen', 'its process cannot be seen', noisier];
  if (place === 'other_host') {
    const host = openingOf(run)?.data.host;
    const where = host === undefined ? 'its host' : `its host ${quoted(host)}`;
    return ['lease_over_other_host', `no dispatcher of ${where} renewed it`, otherHost];
  }
  return ['lease_over', '', noisier];
}

const beforeTaking = ['who took it can say; `logboard timeline` has what led there'];
const sameDispatcher = ['nothing was lost: the next claim starts it anew'];
const slowHost = [
  'a longer `launchLeaseMs`, where the host is slow to start workers',
  'see `logboard doctor` for what keeps workers from starting',
];
const frozen = [
  'a worker that runs on: SIGSTOP, a debugger or a suspended host stops it',
  'a longer `claimTtlMs` only if such stops are meant to be survived',
];
const noisier = [
  'a heartbeat more often than the lease: `logboard heartbeat --run RUN`',
  'a longer `claimTtlMs`; `logboard whatif --claim-ttl` says which would have done',
];
const otherHost = ['a dispatcher at work on its host, which renews the leases of living workers'];

/** Came to an end without a word about its work. */
export function crashed(facts: Ended<'RunCrashed'>): Reason {
  const { ending, name, run } = facts;
  return ended(facts, {
    headline: because(`${name} crashed`, ending.data.error),
    rule: crashRule(facts),
    prevention: [`read what it printed last: \`logboard log ${run.runId}\``],
    unknown: isLost(facts) ? ['how its process ended: nobody saw it, and it left no word'] : [],
  });
}

function isLost({ ending }: Ended<'RunCrashed'>): boolean {
  return ending.data.exitCode === undefined && ending.data.signal === undefined;
}

const notItsOwn = 'its worker could not tell that the run is its own';

function crashRule(facts: Ended<'RunCrashed'>): Rule {
  const { ending, evidence } = facts;
  const { exitCode, signal, error } = ending.data;
  const inputs = figures(facts);
  if (evidence.means === 'not_mine' || error.startsWith(notItsOwn)) {
    const text = 'the startup guard turned its own worker away, so that nothing was done';
    return rule('guard_refused', text, { ...inputs, exitCode: exitCode ?? null });
  }
  if (signal !== undefined) {
    const text = `a worker that is ended by a signal has failed: ${signal}`;
    return rule('ended_by_signal', text, { ...inputs, signal });
  }
  if (exitCode !== undefined) {
    const from = evidence.meansFrom === 'definition' ? ', as its worker definition says' : '';
    const text = `exit code ${exitCode} without an answer means that it failed${from}`;
    return rule('exit_code', text, { ...inputs, exitCode });
  }
  return lostRule(facts);
}

/** Only a pid that is missing is given the crash grace: another boot is certain. */
function lostRule(facts: Ended<'RunCrashed'>): Rule {
  const { evidence, policy } = facts;
  const { crashGraceMs = policy?.crashGraceMs, runMs, because: why } = evidence;
  const found = `its process is gone (${(why ?? 'not found').replaceAll('_', ' ')})`;
  const grace =
    crashGraceMs === undefined ? '' : `its crash grace of ${spokenDuration(crashGraceMs)}`;
  const age = runMs === undefined ? '' : ` (spawned ${spokenDuration(runMs)} before)`;
  const isPast = grace !== '' && why !== 'other_boot';
  return rule('process_gone', isPast ? `${found}, past ${grace}${age}` : found, figures(facts));
}

/** Took longer than it may. */
export function timedOut(facts: Ended<'RunTimedOut'>): Reason {
  const { ending, name, story } = facts;
  const { limitMs, elapsedMs } = ending.data;
  const from = facts.ending.data.evidence['limitFrom'];
  const limit = { name: limitName(from), ms: limitMs };
  const inputs = { ...figures(facts), elapsedMs, limitMs, limitFrom: from ?? null };
  return ended(facts, {
    headline: `${name} ran longer than its limit of ${spokenDuration(limitMs)}`,
    rule: rule('max_runtime', exceeds('ran', elapsedMs, limit), inputs),
    prevention: [
      `a longer limit: \`logboard edit ${story.taskId} --max-runtime <time>\``,
      'or `maxRuntime` of its worker definition, or `maxRuntimeMs` of the policy',
      'less work in one task',
    ],
    unknown: from === undefined ? ['whose limit it was: the task, its worker or the policy'] : [],
  });
}

function limitName(from: unknown): string {
  if (from === 'task') return 'limit of the task';
  if (from === 'worker') return 'limit of its worker definition';
  return from === 'policy' ? 'limit of the policy' : 'limit';
}

/** Showed no progress for too long. */
export function wentStale(facts: Ended<'RunWentStale'>): Reason {
  const { ending, name, evidence, policy, run } = facts;
  const { silentMs, evidence: told } = ending.data;
  const limitOf = (key: 'maxSilentMs' | 'staleAfterMs') => {
    const value = told[key];
    return typeof value === 'number' ? value : policy?.[key];
  };
  const [maxSilentMs, staleAfterMs] = [limitOf('maxSilentMs'), limitOf('staleAfterMs')];
  const parts = [
    staleAfterMs === undefined
      ? `without progress for ${spokenDuration(silentMs)}`
      : exceeds('without progress', silentMs, { name: 'limit', ms: staleAfterMs }),
    maxSilentMs === undefined || evidence.runMs === undefined
      ? ''
      : exceeds('running', evidence.runMs, { name: 'where that counts,', ms: maxSilentMs }),
  ];
  const inputs = { ...figures(facts), silentMs, maxSilentMs: maxSilentMs ?? null };
  return ended(facts, {
    headline: `${name} showed no progress for ${spokenDuration(silentMs)}`,
    rule: rule('no_progress', parts.filter((part) => part !== '').join(', and '), {
      ...inputs,
      staleAfterMs: staleAfterMs ?? null,
    }),
    prevention: [
      'a note, a figure of progress or output now and then: `logboard heartbeat --note`',
      `see what it was at: \`logboard log ${run.runId}\``,
    ],
  });
}

/** Could not be started. */
export function notSpawned(facts: Ended<'SpawnFailed'>): Reason {
  const { ending, name } = facts;
  const { error, errno } = ending.data;
  const text = `its worker could not be started${errno === undefined ? '' : ` (${errno})`}`;
  return ended(facts, {
    headline: because(`${name} could not be started`, error),
    rule: rule('not_spawned', text, {
      ...figures(facts),
      errno: errno ?? null,
      error: quoted(error),
    }),
    prevention: ['`logboard doctor` looks whether the programs of all workers can be started'],
  });
}

/** Left without saying how the work ended. */
export function noAnswer(facts: Ended<'ProtocolViolated'>): Reason {
  const { ending, name } = facts;
  const { exitCode } = ending.data;
  return ended(facts, {
    headline: `${name} left with exit code ${exitCode} and no word about its work`,
    rule: rule(
      'no_answer',
      `exit code ${exitCode} without an answer is a failure, unless \`onExit\` says otherwise`,
      { ...figures(facts), exitCode },
    ),
    prevention: [
      'the worker ends with `logboard complete`, `block` or `release`',
      'or its worker definition says what the code means: `onExit: { 0: complete }`',
    ],
  });
}

/** Met a limit from outside. */
export function rateLimited(facts: Ended<'RunRateLimited'>): Reason {
  const { ending, name, evidence } = facts;
  const { exitCode, holdMs } = ending.data;
  const code = exitCode === undefined ? 'its worker' : `exit code ${exitCode}`;
  const from = evidence.meansFrom === 'definition' ? ', as its worker definition says' : '';
  return ended(facts, {
    headline: `${name} met a limit from outside, held for at least ${spokenDuration(holdMs)}`,
    rule: rule('try_again_later', `${code} means: try again later${from}; it is no failure`, {
      ...figures(facts),
      exitCode: exitCode ?? null,
      holdMs,
    }),
    prevention: ['fewer workers of this assignee at once: `max` of its worker definition'],
  });
}
