/**
 * `npm run delays [-- --runs 100] [--json]`: how long things take that cannot be at once.
 *
 * Until the processes of an ended run are gone, when they ignore TERM, fork and leave the session;
 * until the run of a killed worker has ended; until a task is claimed, when every hint of it is
 * lost. The exit code says whether everybody was gone, judged and claimed in the end.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { ms, percentile } from './bench/measure.ts';
import { measureCrashes } from './delays/crashes.ts';
import { measureHints } from './delays/hints.ts';
import { measureOrphans } from './delays/orphans.ts';
import { startProgress } from './trial/progress.ts';
import { withDirectory } from './trial/scratch.ts';

interface Options {
  readonly runs: number;
  readonly json?: boolean;
}

/** One line of the table. */
interface Row {
  readonly what: string;
  readonly delays: readonly number[];
  readonly isRight: boolean;
}

const options = new Command('delays')
  .description('Measures what takes its time: ending orphans, seeing crashes, missing hints.')
  .option('--runs <n>', 'how often each is measured', Number, 100)
  .option('--json', 'the figures as one JSON document')
  .parse()
  .opts<Options>();

process.exitCode = await withDirectory('delays', (directory) => main(directory, options));

async function main(directory: string, { runs, json }: Options): Promise<number> {
  const progress = startProgress('measurements', 6);
  const rows: Row[] = [];
  try {
    for (const measure of measurements(directory, runs)) {
      rows.push(await measure());
      progress.advance();
    }
  } finally {
    progress.stop();
  }
  const lines = rows.map(({ what, delays, isRight }) => {
    const [p50, p99, max] = [
      percentile(delays, 0.5),
      percentile(delays, 0.99),
      Math.max(...delays),
    ];
    return { what, count: delays.length, p50, p99, max, isRight };
  });
  if (json) console.log(JSON.stringify(lines, null, 2));
  else {
    console.table(
      lines.map((row) => ({ ...row, p50: ms(row.p50), p99: ms(row.p99), max: ms(row.max) })),
    );
  }
  return rows.every(({ isRight }) => isRight) ? 0 : 1;
}

function measurements(parent: string, runs: number): (() => Promise<Row>)[] {
  const program = fileURLToPath(new URL('./trial/dispatcher-process.js', import.meta.url));
  const orphans = (killGraceMs: number) => async () => {
    const directory = join(parent, `orphans-${killGraceMs}`);
    const { goneMs, left } = await measureOrphans({ directory, runs, killGraceMs });
    const what = `run ended → stubborn processes gone, ${ms(killGraceMs)} of grace`;
    return { what, delays: goneMs, isRight: left.length === 0 && goneMs.length === runs };
  };
  const crashes = (by: 'SIGKILL' | 'exit code', drainMs: number) => async () => {
    const directory = join(parent, `crashes-${by}-${drainMs}`.replace(' ', '-'));
    const delays = await measureCrashes({ directory, runs: Math.min(runs, 50), by, drainMs });
    const what = `worker ended by ${by} → its run has ended, ${ms(drainMs)} of drain`;
    return { what, delays, isRight: delays.every(Number.isFinite) };
  };
  const hints = (areLost: boolean) => async () => {
    const directory = join(parent, `hints-${areLost}`);
    const found = await measureHints({ directory, program, tasks: runs, areLost });
    const what = `task created → claimed, ${areLost ? 'every hint lost' : 'with hints'}`;
    return { what, delays: found.claimedMs, isRight: found.areAllDone };
  };
  return [
    orphans(5_000),
    crashes('SIGKILL', 2_000),
    crashes('SIGKILL', 100),
    crashes('exit code', 2_000),
    hints(false),
    hints(true),
  ];
}
