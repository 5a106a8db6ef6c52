/** Two attempts side by side: how far each got, when, and where they took different ways. */
import type { RunRow } from '../../../projections/runs/row.ts';
import type { RunOutcome } from '../../domain/task/events.ts';
import { differs } from './differs.ts';
import type { RunStory } from './run-story.ts';

/** What an attempt goes through, in order. */
export const phases = [
  'claimed',
  'spawned',
  'started',
  'first_beat',
  'last_beat',
  'ended',
] as const;
/** A step of an attempt. */
export type Phase = (typeof phases)[number];

/** A value for each of the two. */
export interface Pair<T> {
  readonly a: T;
  readonly b: T;
}

/** When each got to a step, ms after its claim; null when it never did. */
export interface PhaseDiff extends Pair<number | null> {
  readonly phase: Phase;
}

/** Something about the two that is not the same. */
export interface FactDiff extends Pair<unknown> {
  readonly fact: string;
}

/** Where they took different ways first. */
export interface Split {
  readonly phase: Phase;
  /** What each did there, in half a sentence. */
  readonly a: string;
  readonly b: string;
  /** The last thing both said before, if they said the same so far. */
  readonly lastCommonNote: string | null;
}

/** Two attempts compared. */
export interface RunDiff {
  readonly phases: readonly PhaseDiff[];
  /** Null when both went the same way to the same end. */
  readonly split: Split | null;
  readonly differences: readonly FactDiff[];
  /** What was compared and found the same. */
  readonly same: readonly string[];
}

/** Compares two attempts, of one task or of two. */
export function diffRuns(a: RunStory, b: RunStory): RunDiff {
  const [ofA, ofB] = [factsOf(a), factsOf(b)];
  const names = [...new Set([...Object.keys(ofA), ...Object.keys(ofB)])];
  const facts = names.map((fact) => ({ fact, a: ofA[fact] ?? null, b: ofB[fact] ?? null }));
  const isOther = (pair: Pair<unknown>) => differs(pair.a, pair.b);
  const isKnown = (pair: Pair<unknown>) => pair.a !== null || pair.b !== null;
  return {
    phases: phases.map((phase) => ({ phase, a: offset(a.run, phase), b: offset(b.run, phase) })),
    split: splitOf(a, b),
    differences: facts.filter(isOther),
    same: facts.filter((pair) => isKnown(pair) && !isOther(pair)).map(({ fact }) => fact),
  };
}

/** When a run got to a step, UTC ms. */
function momentOf(run: RunRow, phase: Phase): number | null {
  const { beats } = run;
  const moments: Readonly<Record<Phase, number | null | undefined>> = {
    claimed: run.openedAtMs,
    spawned: run.spawnedAtMs,
    started: run.startedAtMs,
    first_beat: beats.firstAt,
    last_beat: beats.lastAt,
    ended: run.endedAtMs,
  };
  return moments[phase] ?? null;
}

function offset(run: RunRow, phase: Phase): number | null {
  const atMs = momentOf(run, phase);
  return atMs === null ? null : atMs - run.openedAtMs;
}

/** The first step that only one of them took, or that ended one otherwise than the other. */
function splitOf(a: RunStory, b: RunStory): Split | null {
  for (const phase of phases) {
    const [isA, isB] = [momentOf(a.run, phase), momentOf(b.run, phase)].map((at) => at !== null);
    const isSameEnd = phase !== 'ended' || a.run.outcome === b.run.outcome;
    if (isA === isB && isSameEnd) continue;
    const lastCommonNote = commonNotes(a, b).at(-1) ?? null;
    return { phase, a: wayOf(a.run, phase), b: wayOf(b.run, phase), lastCommonNote };
  }
  return null;
}

function commonNotes(a: RunStory, b: RunStory): readonly string[] {
  const split = a.notes.findIndex((note, index) => note !== b.notes[index]);
  return split === -1 ? a.notes : a.notes.slice(0, split);
}

/** At a step that was not taken, what happened instead. */
function wayOf(run: RunRow, phase: Phase): string {
  if (phase !== 'ended' && momentOf(run, phase) !== null) return did[phase];
  return run.outcome === null ? 'still open' : endings[run.outcome];
}

const endings: Readonly<Record<RunOutcome, string>> = {
  completed: 'completed',
  blocked: 'was blocked',
  released: 'was given back',
  reclaimed: 'was reclaimed',
  crashed: 'crashed',
  timed_out: 'ran out of time',
  stale: 'went stale',
  spawn_failed: 'could not be spawned',
  protocol_violated: 'left without a word',
  rate_limited: 'was rate limited',
  canceled: 'was canceled',
};

const did: Readonly<Record<Phase, string>> = {
  claimed: 'was claimed',
  spawned: 'was spawned',
  started: 'began to work',
  first_beat: 'gave a sign of life',
  last_beat: 'gave a sign of life',
  ended: 'ended',
};

/** Everything that is compared besides times; what is unknown is null. */
function factsOf(story: RunStory): Readonly<Record<string, unknown>> {
  const { run, policy } = story;
  const limits = Object.entries(policy ?? {}).map(([key, value]) => [`policy.${key}`, value]);
  return {
    ...circumstances(story),
    ...work(story),
    ...outcome(run),
    ...Object.fromEntries(limits),
  };
}

function circumstances({ run }: RunStory) {
  const { opened, process } = run;
  return {
    task: run.taskId,
    assignee: run.assignee,
    kind: opened.kind,
    claimedBy: opened.claimedBy,
    host: process?.host ?? opened.host,
    workspace: process?.workspace,
    argv: process?.argv,
  };
}

function work({ run, notes, leaseExtensions, refusals, comments }: RunStory) {
  return {
    beats: run.beats.count,
    longestSilenceMs: run.beats.maxGapMs,
    progress: run.progress,
    lastNote: notes.at(-1),
    leaseExtensions,
    refusedWrites: refusals.map((row) => row.attempted ?? 'more'),
    comments,
    inputTokens: run.inputTokens,
    outputTokens: run.outputTokens,
    costUsd: run.costUsd,
  };
}

function outcome({ outcome: how, endedBy, ending }: RunRow) {
  return {
    outcome: how,
    endedBy: endedBy?.kind,
    exitCode: ending?.exitCode,
    signal: ending?.signal,
    error: ending?.error,
    reason: ending?.reason,
    summary: ending?.summary,
    result: ending?.result,
    metadata: ending?.metadata,
    artifacts: ending?.artifacts,
  };
}
