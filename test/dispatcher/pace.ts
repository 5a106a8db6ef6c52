/** How fast workers are started while time passes, and what they do when they are. */
import type { Scene } from './a-dispatcher.ts';
import type { FakeWorker } from './fake-machine.ts';

/** Time between two looks at the workers, in ms. */
const stepMs = 100;

/** Lets time pass; `behave` is called again and again with every worker at work. */
export async function liveFor(
  { clock, machine }: Scene,
  forMs: number,
  behave: (worker: FakeWorker) => void,
): Promise<void> {
  for (let passedMs = 0; passedMs < forMs; passedMs += stepMs) {
    for (const worker of machine.workers) {
      if (worker.condition === 'running') behave(worker);
    }
    await clock.advance(stepMs);
  }
}

/** When workers were started, monotonic ms, oldest first; of one task only, if it is given. */
export function startsOf({ machine }: Scene, taskId?: string): readonly number[] {
  return machine.workers
    .filter(({ spec }) => taskId === undefined || spec.environment['LOGBOARD_TASK'] === taskId)
    .map(({ identity }) => identity.startTime);
}

/** The most starts in any stretch of time of this length. */
export function mostStartsWithin(ms: number, starts: readonly number[]): number {
  const counts = starts.map((from) => starts.filter((at) => at >= from && at < from + ms).length);
  return Math.max(0, ...counts);
}

/** From when to when each worker was there, monotonic ms. */
export interface Stay {
  readonly assignee: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** The most workers that were there at any one moment. */
export function mostAtOnce(stays: readonly Stay[]): number {
  const counts = stays.map(
    ({ fromMs }) => stays.filter((one) => one.fromMs <= fromMs && fromMs < one.untilMs).length,
  );
  return Math.max(0, ...counts);
}
