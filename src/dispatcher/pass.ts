/**
 * One pass of the dispatcher: look, plan, act. Everything it remembers from pass to pass is here.
 */
import type { Commands } from '../app/commands.ts';
import { createBreathe } from '../log/breathe.ts';
import { type Acts, createActs } from './acts.ts';
import { createLaunch, type LaunchDeps } from './launch.ts';
import { createLiveness, type Liveness } from './liveness.ts';
import { createLook, type Look, type LookDeps } from './look.ts';
import { createMend } from './loose-ends.ts';
import { type Action, type Plan, type Planner, plan as usualPlan } from './plan.ts';
import { createReaper, type Reaper } from './reaper.ts';
import { createSupervise } from './supervise.ts';
import { isAnswered } from './worker-definition.ts';
import { createWorkers, type Workers } from './workers.ts';

/** What a pass needs. `onDone` is called when it is worth making another one. */
export interface PassDeps extends Omit<LaunchDeps, 'workers' | 'breathe'> {
  readonly board: LaunchDeps['board'] & LookDeps['board'];
  readonly commands: Commands;
  readonly onDone: () => void;
  /** Default: the rules of `plan.ts`. */
  readonly plan?: Planner;
}

/** The maker of passes. */
export interface Pass {
  /** Looks and plans, and starts to act on it. Rejects when looking fails. */
  make(isLate: boolean): Promise<Plan>;
  /** Only looks and plans. */
  draft(): Promise<Plan>;
  readonly acts: Pick<Acts, 'settled' | 'nextRetryInMs'>;
  /** Whether a worker is about to be started. */
  isLaunching(): boolean;
  readonly workers: Pick<Workers, 'letBe'>;
  readonly reaper: Pick<Reaper, 'close' | 'count'>;
  readonly look: Pick<Look, 'forgetLimits'>;
  readonly liveness: Pick<Liveness, 'hear' | 'listen'>;
}

/** A dispatcher's hands and eyes, with nothing seen and nothing done yet. */
export function createPass(deps: PassDeps): Pass {
  const { board, host, report, onDone, plan = usualPlan } = deps;
  const { clock, processes, runFiles } = host;
  const launching = new Map<string, string>();
  const breathe = createBreathe(host);
  const acts = createActs({ clock, breathe, report, onDone });
  const reaper = createReaper({ timers: host.timers, report });
  const workers = createWorkers({
    ...{ clock, processes, runFiles, reaper, onExit: onDone },
    isAnswer: ({ definition }, end) => isAnswered(definition, end),
  });
  const liveness = createLiveness();
  const look = createLook({ ...deps, breathe, workers, liveness, acts, launching });
  const { launch, releaseSlot, owedSlots } = createLaunch({ ...deps, breathe, workers });
  const supervise = createSupervise({ ...deps, workers });
  const mend = createMend(deps);

  async function draft(isLate = false): Promise<Plan> {
    return plan(await look.at(isLate), board.policy());
  }

  async function make(isLate: boolean): Promise<Plan> {
    for (const nonce of owedSlots()) acts.start(nonce, () => releaseSlot(nonce));
    const made = await draft(isLate);
    for (const action of made.actions) {
      if (action.do === 'claim') launching.set(action.taskId, action.assignee);
      acts.start(subjectOf(action), () => act(action));
    }
    return made;
  }

  function act(action: Action): Promise<void> {
    switch (action.do) {
      case 'claim':
        return launch(action).finally(() => launching.delete(action.taskId));
      case 'extend_lease':
        return supervise.extendLease(action).then(() => liveness.noteRenewal(action.runId));
      case 'end_run':
        return supervise.endRun(action);
      case 'judge_exit':
        return supervise.judgeExit(action);
      case 'end_processes':
        return supervise.endProcesses(action.runId);
      case 'mend':
        return mend(action);
    }
  }

  const isLaunching = () => launching.size > 0;
  return { make, draft, acts, isLaunching, workers, reaper, look, liveness };
}

/** One action at a time for each task that is started, and for each run. */
function subjectOf(action: Action): string {
  return action.do === 'claim' ? action.taskId : action.runId;
}
