/** The life of a dispatcher that starts one worker after the other, looked at from outside. */
import { monotonicMs } from '../bench/measure.ts';
import { startDispatcher } from '../trial/fleet.ts';
import { openTrial, placeIn } from '../trial/trial.ts';
import { cameTrue } from '../trial/waiting.ts';
import { type Vitals, vitalsOf } from './vitals.ts';

/** What to look at. */
export interface FleetLife {
  /** An empty directory. */
  readonly directory: string;
  /** The Node program `dispatcher-process`. */
  readonly program: string;
  /** Workers between two looks, and how many looks. */
  readonly crew: number;
  readonly looks: number;
  readonly onLook?: (look: Look) => void;
}

/** What was seen when so many workers had come and gone. */
export interface Look extends Vitals {
  readonly workers: number;
  /** Monotonic, ms since the first worker. */
  readonly atMs: number;
}

/** Workers at once. */
const maxRunning = 20;

/** A crew that has not come and gone by then never will, in ms. */
const patienceMs = 120_000;

/** Lives it. Throws when a crew does not come to its end. */
export async function live(life: FleetLife): Promise<readonly Look[]> {
  const place = placeIn(life.directory, [':'], { policy: { maxRunning } });
  const dispatcher = await startDispatcher(life.program, place);
  const trial = await openTrial(place);
  const beganMs = monotonicMs();
  const looks: Look[] = [];
  const ended = counterOf(dispatcher.told, 'ended');
  try {
    for (let workers = life.crew; looks.length < life.looks; workers += life.crew) {
      await trial.createTasks(life.crew, 'script');
      const isOver = await cameTrue(() => ended() === workers, patienceMs);
      if (!isOver) throw new Error(`${ended()} of ${workers} workers came and went`);
      const look = {
        workers,
        atMs: monotonicMs() - beganMs,
        ...vitalsOf(dispatcher.process.pid ?? 0),
      };
      looks.push(look);
      life.onLook?.(look);
    }
    return looks;
  } finally {
    await dispatcher.kill();
    await trial.close();
  }
}

/** Counts what was told of a kind, without counting anything twice. */
function counterOf(told: readonly { readonly what: string }[], what: string): () => number {
  let seen = 0;
  let count = 0;
  return () => {
    for (; seen < told.length; seen += 1) if (told[seen]?.what === what) count += 1;
    return count;
  };
}
