/** The terminal event that each ending command stands for. */
import { said } from '../said.ts';
import type { EndRun } from './commands.ts';
import type { TerminalEvent } from './events.ts';
import type { RunFacts } from './state.ts';

/** Builds the terminal event; it carries the summary of the run's beats. */
export function ending(run: RunFacts, command: EndRun): TerminalEvent {
  const heartbeats = run.beats;
  switch (command.type) {
    case 'CompleteRun': {
      const { summary, result, metadata, artifacts } = command.handOff;
      const { review, evidence } = command;
      const handOff = said({ summary, result, metadata, artifacts, evidence });
      return { type: 'RunCompleted', data: { heartbeats, ...handOff, review } };
    }
    case 'BlockRun': {
      const { cause, reason, evidence } = command;
      return { type: 'RunBlocked', data: { heartbeats, cause, reason, ...said({ evidence }) } };
    }
    case 'ReleaseRun': {
      const { reason, evidence } = command;
      return { type: 'RunReleased', data: { heartbeats, ...said({ reason, evidence }) } };
    }
    case 'FailSpawn': {
      const { error, errno } = command;
      return { type: 'SpawnFailed', data: { heartbeats, error, ...said({ errno }) } };
    }
    case 'CancelRun': {
      const { reason, evidence } = command;
      return { type: 'RunCanceled', data: { heartbeats, reason, ...said({ evidence }) } };
    }
    default:
      return judgement(run, command);
  }
}

type Judgement = Exclude<
  EndRun,
  { type: 'CompleteRun' | 'BlockRun' | 'ReleaseRun' | 'FailSpawn' | 'CancelRun' }
>;

function judgement(run: RunFacts, command: Judgement): TerminalEvent {
  const base = { heartbeats: run.beats, evidence: command.evidence };
  switch (command.type) {
    case 'ReclaimRun':
      return { type: 'RunReclaimed', data: { ...base, reason: command.reason } };
    case 'CrashRun': {
      const { exit, error } = command;
      return { type: 'RunCrashed', data: { ...base, ...exit, error } };
    }
    case 'TimeOutRun': {
      const { limitMs, elapsedMs } = command;
      return { type: 'RunTimedOut', data: { ...base, limitMs, elapsedMs } };
    }
    case 'MarkRunStale':
      return { type: 'RunWentStale', data: { ...base, silentMs: command.silentMs } };
    case 'ViolateProtocol':
      return { type: 'ProtocolViolated', data: { ...base, exitCode: command.exitCode } };
    case 'RateLimitRun': {
      const { exitCode, holdMs } = command;
      return { type: 'RunRateLimited', data: { ...base, ...said({ exitCode }), holdMs } };
    }
  }
}
