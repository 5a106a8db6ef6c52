/**
 * What the end of a worker that said nothing means for its run.
 *
 * | its end | its definition's `onExit` says so | it says nothing |
 * |---|---|---|
 * | code 0 | as it says | protocol violated: exit 0 without an answer |
 * | code 75 | as it says | rate limited: held for a while, no failure |
 * | any other code | as it says | crashed |
 * | any code, after the startup guard said “not mine” | – | crashed |
 * | a signal | – | crashed |
 * | lost | – | crashed: gone, and nobody saw how |
 * | never started | – | reclaimed: nothing has happened, no failure |
 *
 * A worker that was turned away by its startup guard may leave with any code, 0 most of all. If its
 * run is over by then, nobody judges it. If the run is judged, then it was the worker's after all,
 * and what it was started with does not let it know that: nothing was worked, so nothing is
 * completed or given back, and the breaker counts it.
 */
import { spokenDuration } from '../domain/duration.ts';
import { cut, type JsonObject } from '../domain/limits.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { CrashRun, EndRun } from '../domain/run/commands.ts';
import { reasonNotMine } from '../domain/run/not-mine.ts';
import { said } from '../domain/said.ts';
import type { HandOff } from '../domain/task/events.ts';
import type { Artifact } from './ports.ts';
import type { WorkerEnd } from './view.ts';
import type { ExitMeaning } from './worker-definition.ts';

/** BSD's EX_TEMPFAIL: try again later. */
const temporaryFailure = 75;

/** What is known besides the end itself. */
export interface EndFacts {
  /** What the worker definition says about the exit code. */
  readonly meaning: ExitMeaning | undefined;
  /** The last line of output that is not blank. */
  readonly lastLine: string | undefined;
  readonly artifacts: readonly Artifact[];
  /** The run's own proof, which the dispatcher made and so may show. */
  readonly tokenHash: string | undefined;
  readonly rateLimitHoldMs: number;
  readonly evidence: JsonObject;
}

/** The command that ends the run of a worker that came to this end. */
export function answerTo(end: WorkerEnd, facts: EndFacts): EndRun {
  const { evidence } = facts;
  if (end === 'never_started') {
    const reason = 'it never started: its dispatcher ended before it let the worker go';
    return { type: 'ReclaimRun', reason, evidence };
  }
  if (end === 'lost') {
    const error = withLastLine('its process is gone, and nobody saw how it ended', facts);
    return { type: 'CrashRun', exit: {}, error, evidence };
  }
  if ('signal' in end) {
    const error = withLastLine(`ended by ${end.signal}`, facts);
    return { type: 'CrashRun', exit: { signal: end.signal }, error, evidence };
  }
  return answerToCode(end.code, facts);
}

function answerToCode(exitCode: number, facts: EndFacts): EndRun {
  const { tokenHash, rateLimitHoldMs: holdMs, lastLine } = facts;
  const said = `exited with ${exitCode}`;
  const doubt = reasonNotMine(lastLine);
  if (doubt !== undefined) {
    const error = `its worker could not tell that the run is its own: ${doubt}`;
    const evidence = { ...facts.evidence, means: 'not_mine' };
    return { type: 'CrashRun', exit: { exitCode }, error, evidence };
  }
  const means = facts.meaning ?? usualMeaning(exitCode);
  const meansFrom = facts.meaning === undefined ? 'default' : 'definition';
  const evidence = { ...facts.evidence, means, meansFrom };
  switch (means) {
    case 'complete': {
      const answer = { handOff: handOff(facts), review: false, tokenHash, evidence };
      return { type: 'CompleteRun', ...answer };
    }
    case 'retry':
      return { type: 'RateLimitRun', exitCode, holdMs, evidence };
    case 'block': {
      const reason = lastLine ?? said;
      return { type: 'BlockRun', cause: 'needs_input', reason, tokenHash, evidence };
    }
    case 'release':
      return { type: 'ReleaseRun', reason: said, tokenHash, evidence };
    case 'fail':
      return { type: 'CrashRun', exit: { exitCode }, error: withLastLine(said, facts), evidence };
    case 'no_answer':
      return { type: 'ViolateProtocol', exitCode, evidence };
  }
}

/** How a run is ended whose own end the log does not take; nothing of that is in it. */
export function insteadOf(end: EndRun, { message }: Refusal): EndRun {
  const error = plainText(`its end could not be recorded (${end.type}): ${message}`);
  return { type: 'CrashRun', exit: {}, error, evidence: { refused: end.type } };
}

function usualMeaning(exitCode: number): ExitMeaning | 'no_answer' {
  if (exitCode === 0) return 'no_answer';
  return exitCode === temporaryFailure ? 'retry' : 'fail';
}

function handOff({ lastLine: summary, artifacts }: EndFacts): HandOff {
  const kept = artifacts.map(({ path: name, sha256, sizeBytes: bytes }) => ({
    name,
    sha256,
    bytes,
  }));
  return said({ summary, artifacts: kept.length === 0 ? undefined : kept });
}

function withLastLine(what: string, { lastLine }: EndFacts): string {
  return lastLine === undefined ? what : `${what}: ${lastLine}`;
}

/** Longest line of output that goes into the log, in characters. */
const lineCharsMax = 500;

/** The last line that is not blank, free of control characters and colours, and not too long. */
export function lastLineOf(output: string): string | undefined {
  const lines = output.split('\n').map((line) => plainText(line).trim());
  const last = lines.findLast((line) => line !== '');
  return last === undefined ? undefined : cut(last, lineCharsMax);
}

/** How much of what a system says about a failure goes into the log, in characters. */
const errorCharsMax = 4_000;

/** What a system says about a failure, as the log accepts it: one line, and not too long. */
export function errorText(detail: string, charsMax = errorCharsMax): string {
  return plainText(cut(detail, charsMax));
}

/** Text that the log accepts: without terminal sequences, without control characters. */
export function plainText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is to be found.
  return text.replace(/\x1b\[[0-9;?]*[ -/]*[@-~]/g, '').replace(/[\x00-\x1f\x7f-\x9f]+/g, ' ');
}

/**
 * How a run was ended, as a few words for whoever reads what the dispatcher reports. Nothing that a
 * worker printed is in them: the board can forget that, a service's log cannot.
 */
export function endWords(end: EndRun): string {
  switch (end.type) {
    case 'CompleteRun':
      return 'done';
    case 'BlockRun':
      return `blocked: ${end.cause.replaceAll('_', ' ')}`;
    case 'CrashRun':
      return crashWords(end);
    case 'TimeOutRun':
      return `ran longer than its limit of ${spokenDuration(end.limitMs)}`;
    case 'MarkRunStale':
      return `no progress for ${spokenDuration(end.silentMs)}`;
    case 'FailSpawn':
      return 'could not be started';
    case 'ViolateProtocol':
      return `exited with ${end.exitCode} without saying how the work ended`;
    case 'RateLimitRun':
      return `rate limited, held for at least ${spokenDuration(end.holdMs)}`;
    case 'ReleaseRun':
      return end.reason ?? 'given back';
    case 'ReclaimRun':
    case 'CancelRun':
      return end.reason;
  }
}

function crashWords({ exit, evidence }: CrashRun): string {
  if (evidence['refused'] !== undefined) return 'its end could not be recorded as it was';
  if (evidence['means'] === 'not_mine') return 'its worker could not tell that the run is its own';
  if (exit.exitCode !== undefined) return `exited with ${exit.exitCode}`;
  if (exit.signal !== undefined) return `ended by ${exit.signal}`;
  return 'its process is gone, and nobody saw how it ended';
}
