/** One simulation from its seed to its end, and what was found. */
import { noBug } from './bug.ts';
import { digestOf } from './digest.ts';
import { lookAtTheEnd } from './ending.ts';
import { startFleet } from './fleet.ts';
import type { Entry } from './journal.ts';
import { createMachine } from './machine.ts';
import { bringPeople } from './people.ts';
import { type StageOptions, setStage } from './set-stage.ts';
import type { Stage } from './stage.ts';
import type { Violation } from './violation.ts';
import { brewWeather } from './weather.ts';
import { startProgram } from './worker.ts';

/** What to simulate; without a bug, the program as it is. */
export interface StoryOptions
  extends Omit<StageOptions, 'bug'>,
    Partial<Pick<StageOptions, 'bug'>> {
  /** Looks at the log when all is over, by its clock. */
  readonly atTheEnd?: (end: Pick<Stage, 'log'> & { readonly nowMs: number }) => Promise<void>;
}

/** How a simulation went. */
export interface Story {
  readonly seed: number;
  /** Undefined when nothing was found. */
  readonly violation: Violation | undefined;
  /** SHA-256 (hex) over everything in the log. */
  readonly digest: string;
  readonly events: number;
  readonly steps: number;
  readonly runs: number;
  readonly dispatchers: number;
  readonly tasks: number;
  readonly virtualMs: number;
  /** Empty unless a journal was kept. */
  readonly journal: readonly Entry[];
}

/** How long all may take to be settled once nothing goes wrong any more, in virtual ms. */
const settlingMsMax = 400_000;

/** Tells the story of a seed. */
export async function tellStory(options: StoryOptions): Promise<Story> {
  const stage = setStage({ ...options, bug: options.bug ?? noBug });
  for (let number = 1; number <= stage.traits.hosts; number += 1) {
    const { pids, spawnFailures, pidReuse, hiding } = stage.traits;
    const wallOffsetMs = stage.chance.fork(`wall ${number}`).whole(-2_000, 2_000);
    const machine = {
      hostId: `host-${number}`,
      pids,
      wallOffsetMs,
      spawnFailures,
      pidReuse,
      hiding,
    };
    stage.machines.push(createMachine(stage, machine, startProgram));
  }
  const fleet = await startFleet(stage);
  try {
    const people = bringPeople(stage);
    brewWeather(stage, fleet);
    const hasFailed = () => stage.watch.violation() !== undefined;
    const { time, traits } = stage;
    await time.runUntil(() => hasFailed() || (time.nowMs() >= traits.foulMs && people.isDone()));
    stage.calm();
    people.resume();
    if (!hasFailed()) await lookAtTheEnd(stage, fleet, settlingMsMax);
    await options.atTheEnd?.({ log: stage.log, nowMs: stage.clock.nowMs() });
    return await storyOf(stage, options.seed);
  } finally {
    fleet.close();
  }
}

async function storyOf(stage: Stage, seed: number): Promise<Story> {
  const { watch, time, traits, journal } = stage;
  return {
    seed,
    violation: watch.violation(),
    ...(await digestOf(stage.log)),
    steps: time.count(),
    runs: watch.ledger.runs.size,
    dispatchers: traits.dispatchers,
    tasks: traits.tasks,
    virtualMs: Math.round(time.nowMs()),
    journal: journal.entries(),
  };
}
