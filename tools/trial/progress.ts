/** Shows on stderr how far a program is: a bar on a terminal, elsewhere a line now and then. */
import { SingleBar } from 'cli-progress';
import { timeLeft } from '../../src/cli/time.ts';

/** Shows how far it is. */
export interface Progress {
  /** One more is done. */
  advance(): void;
  /** So many are done, of as many as are known by now. */
  reach(done: number, total: number): void;
  /** Tells something that must not get lost. */
  say(line: string): void;
  stop(): void;
}

/** How often a line is written where nothing can move, in ms. */
const noteEveryMs = 10_000;

/** Begins at nothing of `total`. */
export function startProgress(what: string, total: number): Progress {
  const format = `${what} {bar} {value} of {total}  {eta_formatted} to go`;
  const elsewhere = { noTTYOutput: true, notTTYSchedule: noteEveryMs };
  const bar = new SingleBar({ format, formatTime: timeLeft, ...elsewhere });
  bar.start(total, 0);
  let isOver = false;
  return {
    advance: () => bar.increment(),
    reach(done, now) {
      bar.setTotal(now);
      bar.update(done);
    },
    say: (line) => console.error(`\n${line}`),
    stop() {
      if (isOver) return;
      isOver = true;
      bar.stop();
    },
  };
}
