/** Endings in words: one line that says how a run ended, for `lastError`, lists and timelines. */
import { cut } from '../limits.ts';
import type { TerminalEvent } from './events.ts';

/** Longest error text that is carried from a run to its task, in characters. */
const errorCharsMax = 500;

/** How the run ended, in one line. */
export function describeEnding(ending: TerminalEvent): string {
  return cut(sentence(ending), errorCharsMax);
}

function sentence(ending: TerminalEvent): string {
  switch (ending.type) {
    case 'RunCompleted':
      return ending.data.review ? 'completed, waiting for review' : 'completed';
    case 'RunBlocked':
      return `blocked: ${ending.data.reason}`;
    case 'RunReleased':
      return withReason('given back by its worker', ending.data.reason);
    case 'RunReclaimed':
      return `reclaimed: ${ending.data.reason}`;
    case 'RunCrashed':
      return `crashed: ${ending.data.error}`;
    case 'RunTimedOut':
      return `ran longer than its limit of ${seconds(ending.data.limitMs)}`;
    case 'RunWentStale':
      return `showed no progress for ${seconds(ending.data.silentMs)}`;
    case 'SpawnFailed':
      return `could not be started: ${ending.data.error}`;
    case 'ProtocolViolated':
      return `exited with ${ending.data.exitCode} without saying how the work ended`;
    case 'RunRateLimited':
      return `rate limited, held for at least ${seconds(ending.data.holdMs)}`;
    case 'RunCanceled':
      return `canceled: ${ending.data.reason}`;
  }
}

function withReason(text: string, reason: string | undefined): string {
  return reason === undefined ? text : `${text}: ${reason}`;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
