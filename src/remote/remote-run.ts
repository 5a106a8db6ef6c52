/** One run of a remote worker, from its claim to the last trace of its program. */
import { errorText, lastLineOf } from '../dispatcher/answer.ts';
import { nonceFor } from '../dispatcher/nonce.ts';
import type { Artifact, ExitStatus, SpawnedWorker } from '../dispatcher/ports.ts';
import { specOf } from '../dispatcher/prepare.ts';
import { workerDefinitionSchema } from '../dispatcher/worker-definition.ts';
import { noteCharsMax } from '../domain/limits.ts';
import { said } from '../domain/said.ts';
import { beatUntil, type Lease, rest, retryDelayMs, type Stop } from './beats.ts';
import { anySchema, type RemoteClaim, type Reply, type Say } from './door-client.ts';
import { createOutputSender } from './output.ts';
import type { RemoteHost, Tell, WorkOrder } from './ports.ts';
import { type RunVoice, runVoice } from './run-voice.ts';

/** What working on a run takes. */
export interface RunParts {
  readonly order: WorkOrder;
  readonly host: RemoteHost;
  readonly say: Say;
  readonly tell: Tell;
  /** Aborted when the worker program was asked to stop. */
  readonly stopped: AbortSignal;
}

/** How long a program may take to leave that has ended its run by its own word, in ms. */
const leaveMs = 2_000;
/** How long the last word is tried once the worker program was asked to stop, in ms. */
const lastWordMs = 10_000;
/** What a shell says about a program that could not be started. */
const notStartedCode = 127;

/** Why a run's work came to its end. */
type Ending =
  | { readonly is: 'exit'; readonly exit: ExitStatus | undefined }
  | { readonly is: 'stop'; readonly stop: Stop }
  | { readonly is: 'asked' };

/**
 * Works on a task that was claimed. Nothing is left of it on this machine afterwards, except for
 * what could not be removed, which is told.
 */
export async function workOn(claim: RemoteClaim, parts: RunParts): Promise<void> {
  const { host, tell } = parts;
  const { runId, taskId } = claim;
  const voice = runVoice(claim, parts.say);
  const lease: Lease = { untilMonoMs: host.clock.monoMs() + claim.leaseMs };
  const run: Running = { ...parts, claim, voice, lease };
  tell('claimed', { taskId, runId, attempt: claim.attempt });
  try {
    const worker = await start(run);
    if (typeof worker === 'string') {
      const lastLine = errorText(`it could not be started: ${worker}`, noteCharsMax);
      await lastWord(run, 'exit', { exit: { code: notStartedCode }, lastLine });
    } else {
      await attend(worker, run);
    }
  } finally {
    await orTell(run, () => host.forgetRun(runId));
  }
}

interface Running extends RunParts {
  readonly claim: RemoteClaim;
  readonly voice: RunVoice;
  readonly lease: Lease;
}

/** The program, let go; or why there is none. */
async function start({ claim, host, order }: Running): Promise<SpawnedWorker | string> {
  const { taskId, runId, attempt, token, context, task } = claim;
  const { run, inherit } = order;
  const definition = workerDefinitionSchema.parse({ run, inherit });
  const nonce = nonceFor(runId, host.ids.nonce());
  const shown = { task: { ...task, taskId }, context };
  const place = { host, boardDirectory: undefined, url: order.url };
  try {
    const spec = await specOf({ taskId, runId, attempt, definition, nonce, token }, shown, place);
    const worker = await host.processes.spawn(spec);
    return worker.spawned ? worker : worker.detail;
  } catch (fault) {
    return messageOf(fault);
  }
}

async function attend(worker: SpawnedWorker, run: Running): Promise<void> {
  const { claim, host, lease, order, stopped, tell, voice } = run;
  const { runId, taskId } = claim;
  const uncap = host.runFiles.cap(runId, order.logBytesMax);
  const onFault = (fault: unknown) => tellFault(run, fault);
  const output = createOutputSender(runId, voice, { ...host, onFault });
  const over = new AbortController();
  worker.go();
  tell('spawned', { taskId, runId, pid: worker.identity.pid });
  const beat = { lease, everyMs: claim.heartbeatEveryMs, signal: over.signal };
  const sending = output.follow(over.signal);
  const ending = await firstOf(worker, beatUntil(voice, beat, host), stopped);
  if (ending.is === 'stop' && isByItself(ending.stop, runId)) await leaving(worker, host);
  over.abort();
  await host.processes.end(worker.identity, order.killGraceMs);
  await Promise.all([uncap(), sending]);
  const isTaken = ending.is === 'stop' && !isByItself(ending.stop, runId);
  if (!isTaken) await insist(run, async () => ((await output.flush()) ? 'heard' : 'unheard'));
  if (ending.is === 'stop') return tellStop(run, ending.stop);
  await sayHow(ending, run);
}

async function firstOf(
  worker: SpawnedWorker,
  beating: Promise<Stop | undefined>,
  stopped: AbortSignal,
): Promise<Ending> {
  const asked = new Promise<Ending>((resolve) => {
    const tell = () => resolve({ is: 'asked' });
    if (stopped.aborted) tell();
    else stopped.addEventListener('abort', tell, { once: true });
  });
  const exited = worker.exited.then((exit): Ending => ({ is: 'exit', exit }));
  const lost = new Promise<Ending>((resolve) => {
    void beating.then((stop) => stop && resolve({ is: 'stop', stop }));
  });
  return Promise.race([exited, lost, asked]);
}

/** Whether the program itself has said how its run ended. */
function isByItself(stop: Stop, runId: string): boolean {
  return stop.because === 'refused' && stop.reply.facts['endedBy'] === `worker ${runId}`;
}

async function leaving(worker: SpawnedWorker, { timers }: RemoteHost): Promise<void> {
  const hasLeft = new AbortController();
  void worker.exited.then(() => hasLeft.abort());
  await rest(timers, leaveMs, hasLeft.signal);
}

function tellStop({ claim, tell }: Running, stop: Stop): void {
  const { taskId, runId } = claim;
  if (isByItself(stop, runId)) {
    tell('ended', { taskId, runId, by: 'its own word' });
  } else if (stop.because === 'refused') {
    const { code, message } = stop.reply;
    tell('refused', { taskId, runId, code, message });
  } else {
    const message = `no answer until its lease was over: ${stop.why}`;
    tell('lost', { taskId, runId, message });
  }
}

async function sayHow(ending: Exclude<Ending, { is: 'stop' }>, run: Running): Promise<void> {
  const { claim, host, order } = run;
  if (ending.is === 'asked') {
    return lastWord(run, 'release', { reason: 'the worker program was asked to stop' });
  }
  if (ending.exit === undefined) {
    return lastWord(run, 'release', { reason: 'nobody saw how its program ended' });
  }
  if (order.artifacts.length > 0) await orTell(run, () => handIn(run));
  const tail = await orTell(run, () => host.runFiles.readTail(claim.runId));
  const lastLine = tail === undefined ? undefined : lastLineOf(tail);
  return lastWord(run, 'exit', said({ exit: ending.exit, lastLine }));
}

/** What is not taken is told and left out: the work itself is done. */
async function handIn(run: Running): Promise<void> {
  const { claim, host, order, tell } = run;
  const { taskId, runId, task } = claim;
  const where = { taskId, runId, ...task.workspace, branch: task.branch ?? undefined };
  const { path } = await host.workspaces.prepare(where);
  const { collected, skipped } = await host.takeOver(runId, path, order.artifacts);
  for (const file of collected) await orTell(run, () => handInOne(run, file));
  for (const { path: name, why } of skipped) tell('refused', { runId, name, message: why });
}

async function handInOne(run: Running, { path: name, sha256 }: Artifact): Promise<void> {
  const { claim, host, tell, voice } = run;
  const { runId } = claim;
  const bytes = await host.readArtifact(runId, sha256);
  const what = `artifact?name=${encodeURIComponent(name)}`;
  const reply = await insist(run, () => voice.say(what, bytes, anySchema));
  if (reply.is === 'refused') tell('refused', { runId, name, message: reply.message });
}

/** What fails beside the run's end is told, and neither its last word nor the next run waits. */
async function orTell<T>(run: Running, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (fault) {
    tellFault(run, fault);
    return undefined;
  }
}

function tellFault({ claim, tell }: Running, fault: unknown): void {
  tell('fault', { subject: claim.runId, problem: messageOf(fault) });
}

function messageOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault);
}

async function lastWord(run: Running, what: string, body: object): Promise<void> {
  const { claim, tell, voice } = run;
  const { taskId, runId } = claim;
  const reply = await insist(run, () => voice.say(what, body, anySchema));
  if (reply.is === 'unheard') {
    tell('lost', { taskId, runId, message: reply.why });
  } else if (reply.is === 'refused' && reply.facts['endedBy'] !== `worker ${runId}`) {
    tell('refused', { taskId, runId, code: reply.code, message: reply.message });
  } else {
    tell('ended', { taskId, runId, by: reply.is === 'said' ? what : 'its own word' });
  }
}

/** Says something again and again until it is heard, or the lease is surely over. */
async function insist<T>(
  { host, lease, stopped }: Running,
  attempt: () => Promise<Reply<T> | 'heard' | 'unheard'>,
): Promise<Reply<T>> {
  const { clock, random, timers } = host;
  const never = new AbortController().signal;
  const patienceMs = stopped.aborted ? lastWordMs : Number.POSITIVE_INFINITY;
  const untilMonoMs = Math.min(lease.untilMonoMs, clock.monoMs() + patienceMs);
  for (let failures = 1; ; failures += 1) {
    const found = await attempt();
    const reply = typeof found !== 'string' ? found : wordOf(found);
    if (reply.is !== 'unheard' || clock.monoMs() >= untilMonoMs) return reply;
    await rest(timers, retryDelayMs(failures, random), never);
  }
}

function wordOf(found: 'heard' | 'unheard'): Reply<never> {
  return found === 'heard'
    ? { is: 'nothing', isPaused: false }
    : { is: 'unheard', why: 'no answer' };
}
