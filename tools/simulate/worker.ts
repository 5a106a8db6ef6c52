/**
 * Workers: what the programs do that dispatchers start. Most do their work. The others are what the
 * field has seen: silent, slow, crashed, hung, stopped and woken late, gone without an answer,
 * deaf to signals, survived by their children, or still writing after they were told to stop.
 */
import type { Commands } from '../../src/app/commands.ts';
import type { ExitStatus } from '../../src/dispatcher/ports.ts';
import type { Chance } from '../trial/chance.ts';
import type { Actor } from './actor.ts';
import type { Worker } from './cast.ts';
import { clientFor, isAccepted, persist } from './client.ts';
import { type Conduct, drawConduct } from './conduct.ts';
import type { KernelProcess } from './kernel.ts';
import type { Stage } from './stage.ts';

/** A program at work. */
interface Program {
  readonly stage: Stage;
  readonly worker: Worker;
  readonly actor: Actor;
  readonly process: KernelProcess;
  readonly conduct: Conduct;
  readonly commands: Commands;
  readonly proof: { readonly tokenHash: string };
}

/** Starts the program of a worker behind its launcher. `onEnd` is told how it ended. */
export function startProgram(
  stage: Stage,
  worker: Worker,
  onEnd: (status: ExitStatus) => void,
): KernelProcess {
  const { runId, machine, nonce, launcher } = worker;
  const chance = stage.chance.fork(`worker ${runId}`);
  const assignee = worker.spec.argv[0] ?? '';
  const taskId = worker.spec.environment['LOGBOARD_TASK'] ?? '';
  const attempt = Number(worker.spec.environment['LOGBOARD_ATTEMPT'] ?? 1);
  const conduct = drawConduct(chance, {
    assignee,
    attempt,
    isFoul: stage.isFoul(),
    leaseMs: stage.policy.claimTtlMs,
  });
  const actor = stage.newActor(`worker ${runId}`, machine);
  const process = machine.kernel.start({
    name: `worker of ${runId}`,
    parent: launcher,
    leads: false,
    nonce,
    onTerm: conduct.ignoresTerm ? 'ignored' : 'ends',
    onStop: (isStopped) => {
      worker.stoppedAtMs = stage.time.nowMs();
      if (isStopped) actor.sleep();
      else actor.wake();
    },
    onEnd: (status) => {
      actor.die();
      onEnd(status);
    },
  });
  const { commands, proof } = clientFor(stage, actor, runId);
  const program = { stage, worker, actor, process, conduct, commands, proof };
  stage.journal.note([taskId, runId], () => `${runId} is at work: ${JSON.stringify(conduct)}`);
  arrange(program, chance);
  void live(program).catch(() => process.exit(1));
  return process;
}

/** What others do to it while it works. */
function arrange({ stage, worker, process, conduct }: Program, chance: Chance): void {
  const { time } = stage;
  const { pause, hang, descendant } = conduct;
  if (pause !== undefined) {
    time.after(pause.afterMs, () => process.signal('SIGSTOP'));
    time.after(pause.afterMs + pause.forMs, () => process.signal('SIGCONT'));
  }
  if (hang !== undefined) {
    time.after(hang.afterMs, () => process.hang(true));
    time.after(hang.afterMs + hang.forMs, () => process.hang(false));
  }
  if (descendant !== undefined) {
    time.after(chance.between(0, 50), () => {
      if (!process.isAlive) return;
      const child = worker.machine.kernel.start({
        name: `descendant of ${worker.runId}`,
        parent: process,
        leads: true,
        nonce: worker.nonce,
        onTerm: descendant.ignoresTerm ? 'ignored' : 'ends',
        onEnd: () => {},
      });
      time.after(descendant.forMs, () => child.exit(0));
    });
  }
}

/** From the first beat to the last breath. */
async function live(program: Program): Promise<void> {
  const isHeld = await work(program);
  if (isHeld || !program.conduct.heedsRefusals) await end(program);
  else program.process.exit(0);
}

/** Works and beats; answers whether the run is still its own, as far as it knows. */
async function work({ worker, actor, commands, proof, conduct }: Program): Promise<boolean> {
  const { runId } = worker;
  const endsAtMs = actor.clock.monoMs() + conduct.workMs;
  for (let beat = 1; ; beat += 1) {
    const leftMs = endsAtMs - actor.clock.monoMs();
    if (leftMs <= 0) return true;
    await actor.pause(Math.min(leftMs, conduct.beatEveryMs ?? leftMs));
    if (conduct.prints) print(worker, `step ${beat}\n`);
    if (conduct.beatEveryMs === undefined) continue;
    const progress = conduct.hasNews ? beat / (beat + 10) : undefined;
    const answer = await commands
      .heartbeat(runId, { ...proof, ...(progress && { progress }) })
      .catch(() => undefined);
    if (answer?.refused && conduct.heedsRefusals) return false;
  }
}

async function end(program: Program): Promise<void> {
  const { stage, worker, process, actor, conduct } = program;
  const { ending } = conduct;
  switch (ending.by) {
    case 'answer':
      for (let time = 0; time <= conduct.repeats; time += 1) await answer(program);
      await actor.pause(conduct.lingerMs);
      return process.exit(0);
    case 'answer_in_flight':
      // A command of its own takes the answer to the log while the program leaves.
      void answerFor(program, stage.newActor(`last word of ${worker.runId}`, worker.machine));
      return process.exit(0);
    case 'exit':
      return process.exit(ending.code);
    case 'signal':
      return process.signal('SIGKILL');
    case 'vanish':
      worker.launcher.signal('SIGKILL');
      return process.signal('SIGKILL');
    case 'hang':
      return;
  }
}

function answer(program: Program): Promise<void> {
  return answerFor(program, program.actor);
}

/** Gives the answer, again and again while the log is out of reach. */
async function answerFor({ stage, worker, conduct }: Program, actor: Actor): Promise<void> {
  const { runId } = worker;
  const { commands, proof } = clientFor(stage, actor, runId);
  const { ending } = conduct;
  const word = 'word' in ending ? ending.word : 'complete';
  const given = await persist(actor, () => {
    if (word === 'block') {
      return commands.blockRun(runId, { cause: 'needs_input', reason: 'which colour?' }, proof);
    }
    if (word === 'release') return commands.releaseRun(runId, 'not today', proof);
    return commands.completeRun(
      runId,
      { summary: `by ${runId}` },
      { ...proof, review: word === 'review' },
    );
  });
  if (isAccepted(given)) stage.watch.acknowledged(runId, word);
}

function print({ machine, runId }: Worker, text: string): void {
  const record = machine.runs.get(runId);
  if (record !== undefined) record.output += text;
}
