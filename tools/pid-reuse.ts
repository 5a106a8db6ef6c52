/**
 * `npm run pid-reuse [-- --reuses 1000] [--seed 1] [--json]`: in a pid namespace of its own workers
 * die and strangers are given their pids, many of them with the same start time, some beside
 * descendants that the worker left. Nobody dead may be taken for alive, and no stranger may get a
 * signal. The exit code says whether that was so.
 */
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import ora from 'ora';
import { runInside, whyNotPermitted } from './pid-reuse/namespace.ts';
import type { Findings } from './pid-reuse/reuse.ts';

interface Options {
  readonly reuses: number;
  readonly seed: number;
  readonly json?: boolean;
}

const options = new Command('pid-reuse')
  .description('Gives the pids of dead workers to strangers.')
  .option('--reuses <n>', 'strangers with the pid of a worker', Number, 1_000)
  .option('--seed <n>', 'decides on the kinds of strangers', Number, 1)
  .option('--json', 'the figures as one JSON document')
  .parse()
  .opts<Options>();

process.exitCode = await main(options);

async function main({ reuses, seed, json }: Options): Promise<number> {
  const obstacle = whyNotPermitted();
  if (obstacle !== undefined) {
    console.error(`SKIPPED: pid reuse. Needs a pid namespace: ${obstacle}`);
    return 0;
  }
  const program = fileURLToPath(new URL('./pid-reuse/reuse.js', import.meta.url));
  const spinner = ora(`${reuses} pids are used again`).start();
  try {
    const args = [String(reuses), String(seed)];
    const findings = JSON.parse(await runInside(program, args)) as Findings;
    spinner.stop();
    for (const wrong of findings.wrongs) console.error(wrong);
    if (json) console.log(JSON.stringify({ seed, ...findings }, null, 2));
    else console.table([{ ...findings, wrongs: findings.wrongs.length }]);
    return findings.wrongs.length === 0 && findings.reuses === reuses ? 0 : 1;
  } finally {
    spinner.stop();
  }
}
