/** The processes of a shape, from outside: started, let go at the same moment, dismissed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { monotonicMs } from '../bench/measure.ts';
import type { Order } from './hand.ts';

/** A process at work. */
export interface Shipmate {
  readonly name: string;
  readonly pid: number;
  /** The next line it says; undefined when it has ended. */
  nextLine(): Promise<string | undefined>;
  /** Lets it end when it comes to it. */
  dismiss(): void;
  /** Resolves when it has ended well; rejects when it failed. */
  readonly ended: Promise<void>;
}

/** Starts processes, and answers for their end. */
export interface Crew {
  /** Starts one process for each order; resolves when all of them have begun. */
  muster(orders: readonly Order[]): Promise<readonly Shipmate[]>;
  /** Kills whoever is left. */
  disband(): Promise<void>;
}

/** How long after the last one is ready all of them begin, in ms. */
const startInMs = 50;

/** A crew that runs this program, with Node. */
export function createCrew(program: string): Crew {
  const started: { child: ChildProcess; ended: Promise<void> }[] = [];

  function start(order: Order): Shipmate & { tell(line: string): void } {
    const { name } = order;
    const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
    const ended = endOf(name, child);
    started.push({ child, ended });
    // Who has died does not listen; that it died is told by `ended`.
    child.stdin.on('error', () => {});
    const tell = (line: string) => child.stdin.write(`${line}\n`);
    tell(JSON.stringify(order));
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const nextLine = async () => (await lines.next()).value as string | undefined;
    return { name, pid: child.pid ?? 0, nextLine, tell, dismiss: () => child.stdin.end(), ended };
  }

  return {
    async muster(orders) {
      const mates = orders.map(start);
      for (const { name, nextLine } of mates) {
        if ((await nextLine()) !== 'ready') throw new Error(`${name} ended before it began.`);
      }
      const startAtMs = monotonicMs() + startInMs;
      for (const { tell } of mates) tell(String(startAtMs));
      return mates;
    },
    async disband() {
      for (const { child } of started) child.kill('SIGKILL');
      await Promise.allSettled(started.map(({ ended }) => ended));
    },
  };
}

function endOf(name: string, child: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${name} ended with ${signal ?? `exit code ${code}`}.`));
    });
  });
  // Whoever waits for the end hears of it; before that it is no reason to stop everything.
  ended.catch(() => {});
  return ended;
}
