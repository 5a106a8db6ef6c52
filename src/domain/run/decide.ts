/**
 * The run decider. One rule stands above all others: after the terminal event nothing is added,
 * so a worker that lost its run can change nothing, whatever it believes.
 */
import { isCoalesced } from '../policy.ts';
import { accept, type Decision, type Refusal, refuse } from '../refusal.ts';
import { said } from '../said.ts';
import type {
  EndRun,
  OpenRun,
  RecordHeartbeat,
  RecordSpawn,
  RunCommand,
  StartWorker,
} from './commands.ts';
import { describeEnding } from './describe.ts';
import { ending } from './endings.ts';
import { type RunEvent, runEvents, type TerminalEvent } from './events.ts';
import { type EndedRun, lastSignAtMs, type OpenRun as Open, type RunState } from './state.ts';

/** Decides a command on a run: events to append, nothing to do, or a refusal. */
export function decideRun(state: RunState, command: RunCommand): Decision<RunEvent> {
  if (command.type === 'OpenRun') return openRun(state, command);
  if (state === undefined) {
    return refuse('no_such_run', 'There is no run with this id.', {
      hint: 'Look the run up with `logboard runs <task>`.',
    });
  }
  if (state.standing === 'ended') return afterTheEnd(state, command);
  return authorized(state, command) ?? decideOpen(state, command);
}

/** A run is opened once, together with the claim. */
function openRun(state: RunState, command: OpenRun): Decision<RunEvent> {
  if (state === undefined) return accept({ type: 'RunOpened', data: command.data });
  return refuse('already_exists', 'This run was opened before.', { hint: 'Use a new run id.' });
}

type Live = Exclude<RunCommand, { type: 'OpenRun' }>;

function decideOpen(run: Open, command: Live): Decision<RunEvent> {
  switch (command.type) {
    case 'RecordSpawn':
      return recordSpawn(run, command);
    case 'StartWorker':
      return startWorker(run, command, 'worker');
    case 'RecordHeartbeat':
      return recordHeartbeat(run, command);
    case 'ActBeside':
    case 'SendOutput':
      return accept();
    case 'RecordUsage':
      return accept({ type: 'UsageRecorded', data: command.usage });
    default:
      return accept(ending(run, command));
  }
}

function recordSpawn(run: Open, command: RecordSpawn): Decision<RunEvent> {
  if (run.process !== null) return alreadySpawned(run);
  const start = startWorker(run, command, 'launcher');
  if (start.refused) return start;
  return accept({ type: 'WorkerSpawned', data: command.process }, ...start.events);
}

/**
 * The startup guard: only the worker of the run that holds its task may begin. Unlike the fence of
 * the other commands it asks for a token always, so that nothing that is missing lets anybody in.
 */
function startWorker(
  run: Open,
  { type: attempted, taskId, isCurrent }: RecordSpawn | StartWorker,
  guard: 'launcher' | 'worker',
): Decision<RunEvent> {
  const { taskId: itsTask, tokenHash } = run.opened;
  if (tokenHash === undefined) return noToken(attempted);
  if (taskId !== itsTask) {
    return notCurrent(attempted, `This is a run of ${itsTask}, not of ${taskId ?? 'no task'}.`);
  }
  if (!isCurrent) return notCurrent(attempted, `${taskId} is not held by this run.`);
  if (run.startedAtMs !== null) return accept();
  return accept({ type: 'WorkerStarted', data: { guard } });
}

const doNothing = 'Leave without doing anything; exit code 0 is fine.';

function noToken(attempted: string): Refusal {
  const facts = { attempted, shown: false };
  return refuse('token_invalid', 'This run has no token to show.', { hint: doNothing, facts });
}

function notCurrent(attempted: string, message: string): Refusal {
  return refuse('not_current_run', message, { hint: doNothing, facts: { attempted } });
}

/** A beat without news that follows another closely adds nothing to the log. */
function recordHeartbeat(run: Open, command: RecordHeartbeat): Decision<RunEvent> {
  const { note, progress, coalesced } = command;
  const hasNews =
    (note !== undefined && note !== run.note) ||
    (progress !== undefined && progress !== run.progress);
  const sinceLastMs = command.nowMs - lastSignAtMs(run);
  if (!hasNews && isCoalesced(sinceLastMs, run.opened.ttlMs)) return accept();
  return accept({ type: 'HeartbeatRecorded', data: said({ note, progress, coalesced }) });
}

function alreadySpawned(run: Open): Refusal {
  return refuse('already_exists', 'A worker was recorded for this run before.', {
    hint: 'End this worker: it must not start.',
    facts: { pid: run.process?.pid ?? 0 },
  });
}

/**
 * Whoever writes as the worker, or lets it go, shows the token; a run opened without one has none
 * to show.
 */
function authorized(run: Open, command: Live): Refusal | undefined {
  const { tokenHash } = run.opened;
  if (tokenHash === undefined || !isByWorker(command)) return undefined;
  if (command.tokenHash === tokenHash) return undefined;
  return refuse('token_invalid', 'The token shown is not the token of this run.', {
    hint: 'Only the worker of a run may write to it; read LOGBOARD_RUN_TOKEN_FILE.',
    facts: { attempted: command.type, shown: command.tokenHash !== undefined },
  });
}

const byWorker = {
  RecordSpawn: true,
  StartWorker: true,
  RecordHeartbeat: true,
  RecordUsage: true,
  ActBeside: true,
  SendOutput: true,
  CompleteRun: true,
  BlockRun: true,
  ReleaseRun: true,
} as const;

type ByWorker = Extract<RunCommand, { type: keyof typeof byWorker }>;

function isByWorker(command: RunCommand): command is ByWorker {
  return command.type in byWorker;
}

/**
 * The same ending said again is a repeat and finds its work done, and the last output may come
 * after the worker's own word; anything else is stale.
 */
function afterTheEnd(run: EndedRun, command: Live): Decision<RunEvent> {
  if (isRepeat(run, command) || isLateOutput(run, command)) return accept();
  const { outcome, endedAtMs, endedBy } = run;
  const what = describeEnding(run.ending);
  return refuse('stale_run', `This run is over: ${what} (by ${endedBy.id}).`, {
    hint: 'Stop working on it. Nothing was written; the refusal was recorded.',
    facts: {
      outcome,
      endedAtMs,
      endedBy: `${endedBy.kind} ${endedBy.id}`,
      attempted: command.type,
    },
  });
}

function isRepeat(run: EndedRun, command: Live): boolean {
  if (!isByWorker(command) || !isEnd(command)) return false;
  const { tokenHash } = run.opened;
  if (tokenHash !== undefined && command.tokenHash !== tokenHash) return false;
  return inWords(ending(run, command)) === inWords(run.ending);
}

/** For as long as the lease would have gone on: the door may have been away for a while. */
function isLateOutput({ opened, endedAtMs, endedBy }: EndedRun, command: Live): boolean {
  if (command.type !== 'SendOutput' || command.isTombstoned) return false;
  const { runId, tokenHash, nowMs } = command;
  const isItsOwn = tokenHash !== undefined && tokenHash === opened.tokenHash;
  const wasItsWord = endedBy.kind === 'worker' && endedBy.id === runId;
  return isItsOwn && wasItsWord && nowMs < endedAtMs + opened.ttlMs;
}

const alongTheWay: ReadonlySet<RunCommand['type']> = new Set<Exclude<Live, EndRun>['type']>([
  'RecordSpawn',
  'StartWorker',
  'RecordHeartbeat',
  'RecordUsage',
  'ActBeside',
  'SendOutput',
]);

function isEnd(command: Live): command is EndRun {
  return !alongTheWay.has(command.type);
}

/**
 * An ending as it is stored: what its schema keeps, in the order of the schema. What was seen of it
 * is not part of the word, and is never seen twice alike.
 */
function inWords({ type, data }: TerminalEvent): string {
  const parsed = runEvents[type].schema.safeParse({ ...data, evidence: {} });
  return JSON.stringify([type, parsed.data]);
}
