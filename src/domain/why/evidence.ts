/**
 * Reads the evidence of a judgement. It is free JSON, written by programs of all ages: what is not
 * there is undefined, and whoever needs it says that the log does not tell.
 */
import { spokenDuration } from '../duration.ts';
import type { Json, JsonObject } from '../limits.ts';
import { said } from '../said.ts';

/** What a judgement may have gone by. Durations are ms, moments UTC ms. */
export interface Evidence {
  readonly place?: string;
  /** The lease it was judged by: the launch lease while nothing was spawned. */
  readonly leaseMs?: number;
  readonly lastSignAtMs?: number;
  /** Since it was spawned, or claimed. */
  readonly runMs?: number;
  /** Since the last sign of life, or the last renewal of its lease. */
  readonly leaseAgeMs?: number;
  /** Since the last progress. */
  readonly quietMs?: number;
  readonly pid?: number;
  /** What its process was seen doing: alive, stopped, unknown. */
  readonly process?: string;
  readonly states?: string;
  /** What a look at the pid came to, and why. */
  readonly verdict?: string;
  readonly because?: string;
  /** Its exit, in words: `exit code 3`, `SIGKILL`. */
  readonly exit?: string;
  readonly isNotStarted?: true;
  /** Who saw the exit. */
  readonly seen?: string;
  /** What its exit code was taken to mean, and who says so. */
  readonly means?: string;
  readonly meansFrom?: string;
  readonly crashGraceMs?: number;
  readonly drainMs?: number;
  /** Since its end was first noticed. */
  readonly sinceMs?: number;
}

/** What an event's evidence says, where it says it. */
export function readEvidence(evidence: JsonObject | undefined = {}): Evidence {
  const ages = objectIn(evidence['ages']);
  const sight = { ...evidence, ...objectIn(evidence['worker']) };
  return said({
    place: textIn(evidence['place']),
    leaseMs: numberIn(evidence['leaseMs']),
    lastSignAtMs: numberIn(evidence['lastSignAtMs']),
    runMs: numberIn(ages['runMs']),
    leaseAgeMs: numberIn(ages['leaseMs']),
    quietMs: numberIn(ages['quietMs']),
    pid: numberIn(sight['pid']),
    process: textIn(sight['is']),
    states: textIn(sight['states']),
    verdict: textIn(sight['verdict']),
    because: textIn(sight['because']),
    exit: exitIn(sight['exit']),
    isNotStarted: sight['exit'] === 'not_started' ? (true as const) : undefined,
    seen: textIn(sight['seen']),
    means: textIn(evidence['means']),
    meansFrom: textIn(evidence['meansFrom']),
    crashGraceMs: numberIn(evidence['crashGraceMs']),
    drainMs: numberIn(evidence['drainMs']),
    sinceMs: numberIn(evidence['sinceMs']),
  }) as Evidence;
}

/** The process as it was seen, in words; undefined where nobody looked. */
export function processSeen(evidence: Evidence): string | undefined {
  const { pid, process, states, verdict, because, exit, seen, sinceMs } = evidence;
  const name = pid === undefined ? 'its process' : `process ${pid}`;
  if (exit !== undefined) {
    const ended = `${name} ended with ${exit}${seen === undefined ? '' : `, seen ${seen}`}`;
    return sinceMs === undefined ? ended : `${ended}, ${spokenDuration(sinceMs)} before`;
  }
  if (process === 'stopped') return `${name} stands still${inStates(states)}`;
  if (verdict === 'dead') return `${name} is gone (${spoken(because ?? 'dead')})`;
  if (process === 'alive') return `${name} is alive${inStates(states)}`;
  if (verdict === 'unknown') return `${name} could not be looked at (${spoken(because ?? '')})`;
  return undefined;
}

function inStates(states: string | undefined): string {
  return states === undefined ? '' : ` (state ${states})`;
}

function spoken(code: string): string {
  return code.replaceAll('_', ' ');
}

function exitIn(exit: Json | undefined): string | undefined {
  const { code, signal } = objectIn(exit);
  if (typeof code === 'number') return `exit code ${code}`;
  return textIn(signal);
}

function objectIn(value: Json | undefined): JsonObject {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as JsonObject) : {};
}

function numberIn(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function textIn(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
