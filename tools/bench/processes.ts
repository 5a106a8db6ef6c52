/**
 * Five processes on one board, each taking its own tasks from claim to completion. They fight for
 * the log for a while before they are measured: V8 compiles anew what only happens then.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Benchmark, median, ms, percent, percentile, type Row, whole } from './measure.ts';
import { openBenchBoard } from './parts.ts';
import { createTasks } from './work.ts';

const processCount = 5;
const spanMs = 5_000;
/** The first is told as cold, the last is what counts. */
const spans = 3;
const tasksEach = 10_000;
const childPath = fileURLToPath(new URL('./cycle-process.js', import.meta.url));

interface Outcome {
  readonly perSecond: number;
  /** In the first seconds, while V8 compiles. */
  readonly coldPerSecond: number;
  /** Cycles of the slowest process over those of the fastest. */
  readonly fairness: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Throughput, fairness and latency of five processes. */
export const processesBenchmark: Benchmark = {
  name: 'processes',
  async run({ rounds, directory, say }): Promise<readonly Row[]> {
    const outcomes: Outcome[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const outcome = await race(join(directory, `round-${round}`));
      outcomes.push(outcome);
      const first = `first ${spanMs / 1_000} s ${whole(outcome.coldPerSecond)}/s, later`;
      const delays = `p99 ${ms(outcome.p99Ms)}, max ${ms(outcome.maxMs)}`;
      say(`${first} ${whole(outcome.perSecond)}/s, ${delays}`);
    }
    const of = (key: keyof Outcome) => median(outcomes.map((outcome) => outcome[key]));
    return [
      {
        what: `the same from ${processCount} processes on one board, in all`,
        measured: `${whole(of('perSecond'))} cycles/s`,
        target: '≥ 900',
        isMet: of('perSecond') >= 900,
        figures: { perSecond: of('perSecond'), coldPerSecond: of('coldPerSecond') },
      },
      {
        what: 'slowest process against the fastest',
        measured: percent(of('fairness')),
        target: '≥ 50 %',
        isMet: of('fairness') >= 0.5,
        figures: { fairness: of('fairness') },
      },
      {
        what: 'p99 of one command',
        measured: `${ms(of('p99Ms'))} (max ${ms(of('maxMs'))})`,
        target: '< 100 ms',
        isMet: of('p99Ms') < 100,
        figures: { p99Ms: of('p99Ms'), maxMs: of('maxMs') },
      },
    ];
  },
};

async function race(directory: string): Promise<Outcome> {
  const board = await openBenchBoard(directory);
  const taskIds = await createTasks(board, processCount * tasksEach);
  await board.close();
  const children = Array.from({ length: processCount }, (_, index) => {
    const file = join(directory, `tasks-${index}.json`);
    writeFileSync(file, JSON.stringify(taskIds.slice(index * tasksEach, (index + 1) * tasksEach)));
    return startChild(directory, file);
  });
  await Promise.all(children.map((child) => child.ready));
  for (const child of children) child.go();
  const perChild = await Promise.all(children.map((child) => child.latencies));
  const inSpan = (span: number) => perChild.map((each) => each[span] ?? []);
  const latencies = inSpan(spans - 1);
  const cycles = latencies.map(cycleCount);
  return {
    perSecond: perSecond(latencies),
    coldPerSecond: perSecond(inSpan(0)),
    fairness: Math.min(...cycles) / Math.max(...cycles),
    p99Ms: percentile(latencies.flat(), 0.99),
    maxMs: latencies.flat().reduce((max, each) => Math.max(max, each), 0),
  };
}

function perSecond(latencies: readonly (readonly number[])[]): number {
  return (cycleCount(latencies.flat()) * 1_000) / spanMs;
}

/** A cycle is three commands. */
function cycleCount(latencies: readonly number[]): number {
  return latencies.length / 3;
}

function startChild(directory: string, taskFile: string) {
  const args = [childPath, directory, taskFile, String(spanMs), String(spans)];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async () => (await lines.next()).value ?? '';
  const ready = nextLine();
  const latencies = ready
    .then(nextLine)
    .then((line) => JSON.parse(line) as readonly (readonly number[])[])
    .finally(() => (child.exitCode === null ? once(child, 'exit') : undefined));
  return { ready, latencies, go: () => child.stdin.write('go\n') };
}
