/** Why a run is open: whose it is, and whether it was heard of within its lease. */
import { spokenDuration } from '../duration.ts';
import { rule, tryOf } from './ended-run.ts';
import { processSeen, readEvidence } from './evidence.ts';
import type { Reason, Rule, Sighting } from './explanation.ts';
import {
  claimOf,
  lastSignOf,
  openingOf,
  type RecordedOf,
  type RunFacts,
  spawnOf,
} from './facts.ts';
import { because, deciderOf, exceeds, nameOf, sighting } from './saying.ts';

/** How an open run stands with its lease. */
interface Lease {
  /** The lease in ms; the launch lease while nothing was spawned. */
  readonly leaseMs: number;
  /** Wall clock since the last sign of life, or the last renewal. */
  readonly ageMs: number;
  readonly isLaunching: boolean;
  readonly renewed: RecordedOf<'LeaseExtended'> | undefined;
}

/** A run that is open. */
export function openRun(facts: RunFacts): Reason {
  const { run, story } = facts;
  const opening = openingOf(run);
  const claim = claimOf(story, run.runId);
  const by = opening?.data.claimedBy ?? '?';
  const standing = leaseOf(facts);
  const how = standing === undefined ? 'was opened' : howItGoes(standing);
  const decision = claim ?? opening;
  return {
    headline: `${tryOf(run)} is open, claimed by ${by}; ${how}`,
    rule:
      standing === undefined ? rule('claimed', 'a run is open until it ends') : leaseRule(standing),
    seen: seenOf(facts, standing),
    decidedBy: decision === undefined ? null : deciderOf(decision),
    prevention: standing === undefined ? [] : help(standing, story.taskId),
    unknown: unknownOf(standing),
  };
}

function howItGoes({ ageMs, leaseMs, isLaunching }: Lease): string {
  if (ageMs < leaseMs) return isLaunching ? 'its worker is being started' : 'within its lease';
  return `silent for ${spokenDuration(ageMs)}`;
}

function leaseRule({ ageMs, leaseMs, isLaunching }: Lease): Rule {
  const name = isLaunching ? 'launch lease' : 'lease';
  const inputs = { ageMs, leaseMs };
  if (ageMs >= leaseMs) {
    const text = exceeds(isLaunching ? 'not started for' : 'silent', ageMs, { name, ms: leaseMs });
    return rule('silent_beyond_lease', text, inputs);
  }
  const heard = `heard of ${spokenDuration(ageMs)} ago, ${name} ${spokenDuration(leaseMs)}`;
  const text = `one run at a time holds a task; ${heard}`;
  return rule(isLaunching ? 'launching' : 'claimed', text, inputs);
}

/** By the wall clocks of those who wrote the events, as far as they agree. */
function leaseOf({ run, story, nowMs }: RunFacts): Lease | undefined {
  const opening = openingOf(run);
  if (opening === undefined) return undefined;
  const { kind, launchLeaseMs, ttlMs } = opening.data;
  const isLaunching = kind === 'worker' && spawnOf(run) === undefined;
  const renewed = story.events.findLast(
    (event) => event.type === 'LeaseExtended' && event.data.runId === run.runId,
  ) as RecordedOf<'LeaseExtended'> | undefined;
  const signAtMs = (lastSignOf(run) ?? opening).meta.at;
  const sinceMs = Math.max(signAtMs, renewed?.meta.at ?? 0);
  const leaseMs = isLaunching ? (launchLeaseMs ?? ttlMs) : (renewed?.data.ttlMs ?? ttlMs);
  return { leaseMs, ageMs: Math.max(0, nowMs - sinceMs), isLaunching, renewed };
}

function seenOf({ run }: RunFacts, lease: Lease | undefined): readonly Sighting[] {
  const spawned = spawnOf(run);
  const sign = lastSignOf(run);
  const spawn = spawned && sighting(`process ${spawned.data.pid} was spawned`, spawned);
  const life = sign === spawned ? undefined : sign && sighting('last sign of life', sign);
  const renewal = lease?.renewed && renewalSeen(lease.renewed);
  return [spawn, life, renewal].filter((each) => each !== undefined);
}

function renewalSeen(renewed: RecordedOf<'LeaseExtended'>): Sighting {
  const process = processSeen(readEvidence(renewed.data.evidence));
  return sighting(because(`${nameOf(renewed.meta.actor)} renewed its lease`, process), renewed);
}

function help({ ageMs, leaseMs }: Lease, taskId: string): readonly string[] {
  if (ageMs < leaseMs) return [];
  return [
    '`logboard dispatch` lets a dispatcher judge it, once; `logboard serve` goes on doing so',
    `\`logboard reclaim ${taskId}\` takes the task from it, in your name`,
  ];
}

function unknownOf(lease: Lease | undefined): readonly string[] {
  if (lease === undefined) return ['how long its lease is: its opening was not read'];
  const isLate = lease.ageMs >= lease.leaseMs;
  return isLate ? ['whether its process lives: no dispatcher has recorded a look since'] : [];
}
