/** Watches the log: what may follow what, event by event and append by append. */
import type { Recorded } from '../../src/domain/catalogue.ts';
import { isTerminal, type RunEvent, type TerminalEvent } from '../../src/domain/run/events.ts';
import { codec } from '../../src/log/codec.ts';
import type { StoredEvent } from '../../src/log/event-log.ts';
import type { Worker } from './cast.ts';
import type { RunEntry, TaskEntry } from './ledger.ts';
import type { WatchDeps } from './violation.ts';
import { judgeEnding } from './watch-endings.ts';

/** The part of watching that looks at events. */
export interface LogWatch {
  /** The position of the last event that was looked at. */
  position(): number;
  /** Looks at what was appended since the last look. */
  look(): Promise<void>;
}

/** How old the sight may be that a lease is renewed on, with all it takes to say so, in ms. */
const renewalMs = 3_000;

/** How old the sight of a parent may be that a claim in a cluster goes by, in ms. */
const pinMs = 5_000;

type Renewed = Extract<Recorded, { type: 'LeaseExtended' }>;
type Claimed = Extract<Recorded, { type: 'TaskClaimed' }>;

/** Events that a done task must not see. */
const notWhenDone: ReadonlySet<string> = new Set([
  'TaskClaimed',
  'TaskRequeued',
  'TaskBlocked',
  'TaskHalted',
  'TaskCompleted',
]);

/** Watches a log from its first event on. */
export function createLogWatch(deps: WatchDeps): LogWatch {
  const { time, journal, log, policy, workers, traits, ledger, report } = deps;
  const versions = new Map<string, number>();
  const ids = new Set<string>();
  const titles = new Set<string>();
  let position = 0;

  async function look(): Promise<void> {
    const page = await log.readAll({ after: position });
    for (const stored of page) {
      lookAtPlace(stored);
      const event = codec.decodeUnchecked(stored);
      journal.note(concernedBy(event), () => inWords(stored));
      lookAt(event);
      ledger.enter(event, time.nowMs());
    }
    for (const stream of new Set(page.map((stored) => stored.stream))) lookAtHolder(stream);
  }

  function lookAtPlace({ stream, version, id, position: found }: StoredEvent): void {
    const expected = (versions.get(stream) ?? -1) + 1;
    if (found !== position + 1) report('I2', [stream], `position ${found} after ${position}`);
    if (version !== expected) report('I1', [stream], `version ${version}, not ${expected}`);
    if (ids.has(id)) report('I7', [stream], `event ${id} is stored twice`);
    position = found;
    versions.set(stream, version);
    ids.add(id);
  }

  function lookAt(event: Recorded): void {
    if (event.type === 'TaskClaimed') lookAtClaim(event);
    if (event.type === 'TaskCreated') lookAtTitle(event.data.title);
    if (event.type === 'LeaseExtended') lookAtRenewal(event);
    if (event.stream.startsWith('run-')) lookAtRun(event as Recorded<RunEvent>);
    if (event.stream.startsWith('task-')) lookAtTask(event);
  }

  function concernedBy(event: Recorded): string[] {
    const id = idOf(event.stream);
    const taskId = event.type === 'RunOpened' ? event.data.taskId : ledger.runs.get(id)?.taskId;
    return taskId === undefined ? [id] : [id, taskId];
  }

  function lookAtTitle(title: string): void {
    if (titles.has(title)) report('I7', [], `${title} is made twice`);
    titles.add(title);
  }

  function lookAtClaim(event: Claimed): void {
    const taskId = idOf(event.stream);
    const { runId, attempt } = event.data;
    const task = ledger.tasks.get(taskId);
    const about = [taskId, runId];
    const demand = (invariant: string, isSo: boolean, found: string) => {
      if (!isSo) report(invariant, about, found);
    };
    demand('I10', task?.standing === 'queued', `claimed while ${task?.standing}`);
    if (task === undefined) return;
    demand('I11', attempt === task.attempts + 1, `attempt ${attempt} after ${task.attempts}`);
    const { failures } = task;
    const limit = task.maxRetries ?? policy.failureLimit;
    demand('I20', failures < limit, `claimed after ${failures} failures of ${limit}`);
    const open = task.parents.find((parent) => !isSatisfied(task, parent));
    demand('I21', open === undefined, `claimed while ${open} is open`);
  }

  function isSatisfied(task: TaskEntry, parent: string): boolean {
    const { wasDone = false, undoneAtMs = Number.NEGATIVE_INFINITY } =
      ledger.tasks.get(parent) ?? {};
    // A cluster pins no parents: both may happen at the same time.
    const wasJustDone = traits.isCluster && time.nowMs() - undoneAtMs < pinMs;
    return task.waived.includes(parent) || wasDone || wasJustDone;
  }

  function lookAtRun(event: Recorded<RunEvent>): void {
    const runId = idOf(event.stream);
    const run = ledger.runs.get(runId);
    if (event.type === 'RunOpened') return;
    const about = [runId, run?.taskId ?? ''];
    if (run === undefined || run.ending !== undefined) {
      report('I13', about, `${event.type} after ${run?.ending?.type ?? 'nothing'}`);
      return;
    }
    const { kind, id } = event.meta.actor;
    if (kind === 'worker' && id !== runId) report('I12', about, `${id} writes to ${runId}`);
    if (isTerminal(event)) lookAtEnding(run, event);
  }

  function lookAtEnding(run: RunEntry, event: Recorded<TerminalEvent>): void {
    const worker = workers.find(({ nonce }) => nonce === run.nonce);
    const { claimedAtMs } = ledger.tasks.get(run.taskId) ?? {};
    const about = { run, claimedAtMs, event, worker };
    const found = judgeEnding({ ...about, nowMs: time.nowMs(), policy, traits });
    if (found !== undefined) report(found.invariant, [run.runId, run.taskId], found.found);
  }

  /** A lease is renewed for who can be seen at work: not for long after he has stopped or gone. */
  function lookAtRenewal({ data: { runId } }: Renewed): void {
    const { suspension, host_sleep, log_slow, log_down, cut_off } = traits.mishaps;
    const worker = workers.find((each) => each.runId === runId);
    // Who stands still between look and word renews later, and harms nobody by it.
    if (suspension + host_sleep + log_slow + log_down + cut_off > 0 || worker === undefined) return;
    const { endedAtMs, stoppedAtMs, launcher } = worker;
    if (isAnybodyAtWork(worker)) return;
    const sinceMs = launcher.isAlive ? stoppedAtMs : endedAtMs;
    const idleMs = time.nowMs() - (sinceMs ?? time.nowMs());
    if (idleMs < renewalMs) return;
    const about = [runId, ledger.runs.get(runId)?.taskId ?? ''];
    report('F28', about, `its lease is renewed ${Math.round(idleMs)} ms after it stopped working`);
  }

  function lookAtTask(event: Recorded): void {
    const taskId = idOf(event.stream);
    const task = ledger.tasks.get(taskId);
    const { type } = event;
    if (task?.standing === 'done' && notWhenDone.has(type)) {
      report('I15', [taskId], `${type} after it was done`);
    }
    if (type !== 'TaskCompleted' || event.meta.actor.kind === 'human') return;
    const { runId = 'nobody' } = event.data;
    if (task?.holder !== runId) {
      report('I15', [taskId, runId], `completed by ${runId}, which does not hold it`);
    }
  }

  /** Where a task says it is held, its run is open, and the other way round. */
  function lookAtHolder(stream: string): void {
    const run = ledger.runs.get(idOf(stream));
    const task = ledger.tasks.get(run?.taskId ?? idOf(stream));
    if (task === undefined) return;
    const { holder, taskId } = task;
    // In a cluster the task hears of it later; if it never does, it never comes to rest.
    const isOver = holder !== undefined && ledger.runs.get(holder)?.ending !== undefined;
    if (isOver && !traits.isCluster) {
      report('I14', [taskId, holder], `${taskId} is held by ${holder}, which is over`);
    }
    const isOpen = run !== undefined && run.kind !== 'record' && run.ending === undefined;
    if (isOpen && holder !== run.runId) {
      report('I9', [taskId, run.runId], `${run.runId} is open and does not hold ${taskId}`);
    }
  }

  return { look: oneAtATime(look), position: () => position };
}

/** So that nothing is seen twice. */
function oneAtATime(look: () => Promise<void>): () => Promise<void> {
  let looking: Promise<void> = Promise.resolve();
  return () => {
    looking = looking.then(look);
    return looking;
  };
}

/** Whether a process of a worker may be doing something: the launcher only waits. */
function isAnybodyAtWork({ machine, nonce, launcher }: Worker): boolean {
  return machine.kernel
    .living()
    .filter((process) => process.nonce === nonce && process !== launcher)
    .some(({ isStopped, isHanging }) => !isStopped || isHanging);
}

/** What stands behind the first dash of a stream's name. */
function idOf(stream: string): string {
  return stream.slice(stream.indexOf('-') + 1);
}

function inWords({ stream, version, type, data, meta }: StoredEvent): string {
  const { actor } = JSON.parse(meta) as { actor: { kind: string; id: string } };
  return `${stream}@${version} ${type} by ${actor.kind} ${actor.id} ${data}`;
}
