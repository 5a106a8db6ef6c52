/** A run as programs see it. These names are permanent: a new need is a new field. */
import type { RunRow } from '../../projections/runs/row.ts';
import { lastSignAtMs } from '../domain/run/state.ts';
import { isoTime } from './iso-time.ts';

/** The run as one flat object; absent facts are null, times are ISO. Nothing in it is secret. */
export function runJson(run: RunRow) {
  // Spread into one literal, so many fields take eight times as long (measured).
  return Object.assign(identity(run), life(run), process(run), ending(run), usage(run));
}

/** Until when silence is no reason to worry, UTC ms; null once the run is over. */
export function leaseUntilMs(run: RunRow): number | null {
  if (run.outcome !== null) return null;
  return Math.max(lastSignAtMs(run), run.leaseExtendedAtMs ?? 0) + run.leaseTtlMs;
}

function identity(run: RunRow) {
  return {
    id: run.runId,
    taskId: run.taskId,
    attempt: run.attempt,
    kind: run.opened.kind,
    assignee: run.assignee,
    claimedBy: run.opened.claimedBy,
    host: run.opened.host ?? null,
    version: run.version,
    position: run.position,
  };
}

function life(run: RunRow) {
  const { count, firstAt, lastAt, maxGapMs } = run.beats;
  return {
    claimedAt: isoTime(run.openedAtMs),
    spawnedAt: isoTime(run.spawnedAtMs),
    startedAt: isoTime(run.startedAtMs),
    lastSignAt: isoTime(lastSignAtMs(run)),
    leaseUntil: isoTime(leaseUntilMs(run)),
    progress: run.progress,
    note: run.note,
    heartbeats: { count, firstAt: isoTime(firstAt), lastAt: isoTime(lastAt), maxGapMs },
  };
}

function process(run: RunRow) {
  return {
    pid: run.process?.pid ?? null,
    workspace: run.process?.workspace ?? null,
    logPath: run.process?.logPath ?? null,
  };
}

function ending(run: RunRow) {
  const { ending: end } = run;
  return {
    outcome: run.outcome,
    endedAt: isoTime(run.endedAtMs),
    endedBy: run.endedBy,
    summary: end?.summary ?? null,
    result: end?.result ?? null,
    metadata: end?.metadata ?? null,
    artifacts: end?.artifacts ?? [],
    review: end?.review ?? false,
    cause: end?.cause ?? null,
    reason: end?.reason ?? null,
    error: end?.error ?? null,
    exitCode: end?.exitCode ?? null,
    signal: end?.signal ?? null,
    evidence: end?.evidence ?? null,
  };
}

function usage(run: RunRow) {
  const { inputTokens, outputTokens, costUsd } = run;
  return { inputTokens, outputTokens, costUsd };
}
