/**
 * `npm run bench [-- name …] [--rounds 5]`: measures Logboard beside raw better-sqlite3 in the same
 * run and prints a table; the figures go to bench-results/<time>.json as well. Nothing here is a
 * test: machines are noisy, so ratios within one run are what counts.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Table from 'cli-table3';
import { Command } from 'commander';
import {
  describeMachine,
  leaveOutCertificates,
  measureMachine,
  watchStolen,
} from './bench/machine.ts';
import { type Benchmark, percent, type Row } from './bench/measure.ts';
import { withDirectory } from './trial/scratch.ts';

const benchmarks: Readonly<Record<string, () => Promise<Benchmark>>> = {
  append: async () => (await import('./bench/append.ts')).appendBenchmark,
  cycle: async () => (await import('./bench/cycle.ts')).cycleBenchmark,
  processes: async () => (await import('./bench/processes.ts')).processesBenchmark,
  pickup: async () => (await import('./bench/pickup.ts')).pickupBenchmark,
  spawn: async () => (await import('./bench/spawn.ts')).spawnBenchmark,
  rebuild: async () => (await import('./bench/rebuild.ts')).rebuildBenchmark,
  verify: async () => (await import('./bench/verify.ts')).verifyBenchmark,
  archive: async () => (await import('./bench/archive.ts')).archiveBenchmark,
  past: async () => (await import('./bench/past.ts')).pastBenchmark,
  queries: async () => (await import('./bench/queries.ts')).queriesBenchmark,
  timeline: async () => (await import('./bench/timeline.ts')).timelineBenchmark,
  gantt: async () => (await import('./bench/gantt.ts')).ganttBenchmark,
  'what-if': async () => (await import('./bench/what-if.ts')).whatIfBenchmark,
  privacy: async () => (await import('./bench/privacy.ts')).privacyBenchmark,
  cluster: async () => (await import('./bench/cluster.ts')).clusterBenchmark,
  list: async () => (await import('./bench/list.ts')).listBenchmark,
  http: async () => (await import('./bench/http.ts')).httpBenchmark,
  page: async () => (await import('./bench/page.ts')).pageBenchmark,
  why: async () => (await import('./bench/why.ts')).whyBenchmark,
};

await main();

async function main(): Promise<void> {
  const program = new Command('bench')
    .description('Measures Logboard beside raw better-sqlite3.')
    .argument('[names...]', `which to run: ${Object.keys(benchmarks).join(', ')}`)
    .option('--rounds <n>', 'runs of each measurement; the median counts', Number, 5)
    .parse();
  const { rounds } = program.opts<{ rounds: number }>();
  const names = program.args.length === 0 ? Object.keys(benchmarks) : program.args;
  const rows: Row[] = [];
  const leftOut = leaveOutCertificates();
  if (leftOut !== undefined) console.error(leftOut);
  const stolen = watchStolen();
  for (const name of names) rows.push(...(await runOne(name, rounds)));
  await report(rows, stolen());
}

async function runOne(name: string, rounds: number): Promise<readonly Row[]> {
  const load = benchmarks[name];
  if (load === undefined) throw new Error(`There is no benchmark called ${name}.`);
  console.error(`· ${name}`);
  const benchmark = await load();
  const say = (line: string) => console.error(`  ${line}`);
  const stolen = watchStolen();
  const rows = await withDirectory(`bench-${name}`, (directory) =>
    benchmark.run({ rounds, directory, say }),
  );
  say(describeStolen(stolen()));
  return rows;
}

function describeStolen(share: number): string {
  return `${percent(share)} of the processor time was given to other machines`;
}

async function report(rows: readonly Row[], stolenShare: number): Promise<void> {
  const table = new Table({ head: ['what', 'measured', 'target', ''], style: { head: [] } });
  for (const row of rows) {
    table.push([row.what, row.measured, row.target, row.isMet ? 'met' : 'MISSED']);
  }
  console.log(table.toString());
  const machine = await measureMachine();
  console.log(`${describeMachine(machine)}; ${describeStolen(stolenShare)}`);
  const at = new Date().toISOString();
  mkdirSync('bench-results', { recursive: true });
  const path = join('bench-results', `${at.replace(/[:.]/g, '-')}.json`);
  const results = { at, node: process.version, machine: { ...machine, stolenShare }, rows };
  writeFileSync(path, `${JSON.stringify(results, null, 2)}\n`);
  console.log(`Figures: ${path}`);
}
