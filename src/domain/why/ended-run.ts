/** What the answers about ended runs share: the facts at hand, and what the end meant. */
import type { Recorded } from '../catalogue.ts';
import { spokenDuration } from '../duration.ts';
import type { JsonObject } from '../limits.ts';
import type { RunPolicy } from '../policy.ts';
import type { TerminalEvent, TerminalType } from '../run/events.ts';
import { said } from '../said.ts';
import { type Evidence, processSeen, readEvidence } from './evidence.ts';
import type { Reason, Rule, Sighting } from './explanation.ts';
import {
  claimOf,
  conclusionOf,
  lastSignOf,
  openingOf,
  type RecordedOf,
  type RunFacts,
  type RunStory,
  spawnOf,
  type TaskStory,
} from './facts.ts';
import { deciderOf, sighting } from './saying.ts';

/** A run that ended. */
export interface EndedRun {
  readonly run: RunStory;
  readonly story: TaskStory;
  readonly ending: Recorded<TerminalEvent>;
  /** `try 2`. */
  readonly name: string;
  readonly evidence: Evidence;
  /** What governed the run, as its claim recorded it; undefined for one that keeps a record. */
  readonly policy: RunPolicy | undefined;
}

/** A run that ended in one way. */
export type Ended<T extends TerminalType> = EndedRun & { readonly ending: RecordedOf<T> };

/** The facts that a rule about an ended run goes by. */
export function endedBy({ run, story }: RunFacts, ending: Recorded<TerminalEvent>): EndedRun {
  const { data } = ending as { readonly data: { readonly evidence?: JsonObject } };
  const evidence = readEvidence(data.evidence);
  const policy = claimOf(story, run.runId)?.data.policy;
  return { run, story, ending, name: tryOf(run), evidence, policy };
}

/** `try 2`, as its opening counts. */
export function tryOf(run: RunStory): string {
  return `try ${openingOf(run)?.data.attempt ?? '?'}`;
}

/** What a rule says besides what every end has. */
export interface Verdict {
  readonly headline: string;
  readonly rule: Rule;
  readonly prevention: readonly string[];
  readonly unknown?: readonly (string | undefined)[];
}

/** The answer about an ended run: the rule, and what was there to be seen. */
export function ended(facts: EndedRun, verdict: Verdict): Reason {
  return {
    headline: verdict.headline,
    rule: verdict.rule,
    seen: seenOf(facts),
    decidedBy: deciderOf(facts.ending),
    prevention: verdict.prevention,
    unknown: (verdict.unknown ?? []).filter((line) => line !== undefined),
  };
}

/** The figures every judgement may have had, for programs. */
export function figures({ evidence, policy, run }: EndedRun): JsonObject {
  const { exit: _exit, isNotStarted: _not, ...plain } = evidence;
  const { crashGraceMs = policy?.crashGraceMs, pid = spawnOf(run)?.data.pid } = evidence;
  return said({ ...plain, crashGraceMs, pid }) as JsonObject;
}

function seenOf(facts: EndedRun): readonly Sighting[] {
  const { evidence, ending } = facts;
  const process = processSeen(evidence);
  return [
    lastSign(facts),
    ...(process === undefined ? [] : [sighting(process, ending)]),
    ...meaning(facts),
  ];
}

/** The last sign of life: its event, or what the summary in the terminal event kept of it. */
function lastSign({ run, ending }: EndedRun): Sighting {
  const sign = lastSignOf(run);
  const { count, lastAt } = ending.data.heartbeats;
  if (sign === undefined) return sighting('no sign of life after it was opened', openingOf(run));
  if (lastAt !== undefined && lastAt > sign.meta.at) {
    return { text: `last heartbeat of ${count} (thinned out)`, position: null, atMs: lastAt };
  }
  return sighting(`last sign of life: ${signWords[sign.type] ?? sign.type}`, sign);
}

const signWords: Readonly<Partial<Record<string, string>>> = {
  HeartbeatRecorded: 'a heartbeat',
  UsageRecorded: 'a report of its usage',
  WorkerStarted: 'its start',
  WorkerSpawned: 'its spawn',
};

/** What the end of the run did to its task. */
function meaning({ run, story, name }: EndedRun): readonly Sighting[] {
  const event = conclusionOf(story, run.runId);
  if (event?.type === 'TaskHalted') {
    const { failures, limit } = event.data;
    const how = failures >= limit ? `failure ${failures} of ${limit}` : `one too many of ${limit}`;
    return [sighting(`its task was halted: ${name} was ${how}`, event)];
  }
  if (event?.type !== 'TaskRequeued') return [];
  const { notBeforeMs, hold, failures } = event.data;
  const wait =
    notBeforeMs === undefined
      ? 'at once'
      : `after ${spokenDuration(notBeforeMs - event.meta.at)} (${hold ?? 'hold'})`;
  const counted = failures === 0 ? 'no failure counted' : `failures in a row: ${failures}`;
  return [
    sighting(`its task went back to the queue, ready ${wait.replace('_', ' ')}; ${counted}`, event),
  ];
}

/** A rule with its figures. */
export function rule(name: Rule['name'], text: string, inputs: JsonObject = {}): Rule {
  return { name, text, inputs };
}
