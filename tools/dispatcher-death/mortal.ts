/**
 * The gaps between two steps of a dispatcher, and a hand that stops it exactly there.
 *
 * The hand stands between the dispatcher and its ports, so the program under trial is the one that
 * is shipped: there is no switch for tests in it.
 */
import type { Commands } from '../../src/app/commands.ts';
import type { ExitStatus, SpawnedWorker } from '../../src/dispatcher/ports.ts';
import type { Grip } from '../trial/trial.ts';

/** Every gap, and what stands in the log and on the machine while a dispatcher is in it. */
export const gaps = {
  claimed: 'the task is claimed, nothing is spawned',
  spawned: 'a launcher waits at its gate, nobody knows of it',
  handed_over: 'the same, and its slot of the host is its own already',
  recorded: 'WorkerSpawned and WorkerStarted stand in the log, the gate is closed',
  let_go: 'the word that opens the gate has just been sent',
  exited: 'the worker has exited, nobody has judged it',
  committing: 'the end of the run and of its task are on their way into the log',
  ended: 'the run has ended, its processes are not confirmed gone',
} as const;

/** A gap between two steps. */
export type Gap = keyof typeof gaps;

/** Whether the end of the run may stand in the log while a dispatcher is in a gap. */
export function mayHaveEnded(gap: Gap): boolean {
  return gap === 'committing' || gap === 'ended';
}

/** Where to die: in the n-th passage through a gap. */
export interface Doom {
  readonly gap: Gap;
  /** From 1. */
  readonly passage: number;
}

/** Puts the hand in between. `die` is called with the id of the run in the gap. */
export function doomed(
  { board, host, report }: Grip,
  { gap: fatal, passage }: Doom,
  die: (runId: string) => void,
): Grip {
  let passagesLeft = passage;
  const pass = (gap: Gap, runId: string) => {
    if (gap !== fatal) return;
    passagesLeft -= 1;
    if (passagesLeft === 0) die(runId);
  };

  return {
    board: { ...board, as: (caller) => watched(board.as(caller), pass) },
    host: {
      ...host,
      processes: {
        ...host.processes,
        async spawn(spec) {
          const runId = spec.environment['LOGBOARD_RUN'] ?? '';
          pass('claimed', runId);
          const worker = await host.processes.spawn(spec);
          if (!worker.spawned) return worker;
          pass('spawned', runId);
          const exited = worker.exited.then((status) => passExit(status, runId));
          return { ...worker, exited, go: () => letGo(worker, runId) };
        },
      },
    },
    report,
  };

  /** Before the dispatcher hears of it: what it reports, later and in batches, may be judged. */
  function passExit(status: ExitStatus | undefined, runId: string): ExitStatus | undefined {
    if (status !== undefined) pass('exited', runId);
    return status;
  }

  function letGo(worker: SpawnedWorker, runId: string): void {
    worker.go();
    pass('let_go', runId);
  }
}

function watched(commands: Commands, pass: (gap: Gap, runId: string) => void): Commands {
  return {
    ...commands,
    async recordSpawn(runId, process, shown) {
      pass('handed_over', runId);
      const answer = await commands.recordSpawn(runId, process, shown);
      pass('recorded', runId);
      return answer;
    },
    async endRun(runId, end, judgedAt) {
      pass('committing', runId);
      const answer = await commands.endRun(runId, end, judgedAt);
      pass('ended', runId);
      return answer;
    },
  };
}
