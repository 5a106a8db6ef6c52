/**
 * `npm run dispatcher-death [-- --kills 300] [--seed 1] [--lanes 8] [--json]`: dispatchers die by
 * SIGKILL in every gap between two of their steps, and others go on. Every task has to be worked on
 * exactly once, what had not been let go has to be claimed again within its launch lease and a
 * second, and nothing may be left behind. The exit code says whether that was so.
 */
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { ms, percentile } from './bench/measure.ts';
import { launchLeaseMs, runCampaign } from './dispatcher-death/campaign.ts';
import type { Aftermath } from './dispatcher-death/kill.ts';
import { type Gap, gaps } from './dispatcher-death/mortal.ts';
import { startProgress } from './trial/progress.ts';
import { withDirectory } from './trial/scratch.ts';

interface Options {
  readonly kills: number;
  readonly seed: number;
  readonly lanes: number;
  readonly json?: boolean;
}

/** Beyond the launch lease, in ms. */
const toleranceMs = 1_000;

/** Most of a death is waiting: for a lease, for the word of a launcher. */
const lanesPerCore = 4;

const options = new Command('dispatcher-death')
  .description('Kills dispatchers in every gap between two steps, and looks what comes of it.')
  .option('--kills <n>', 'deaths in each gap', Number, 300)
  .option('--seed <n>', 'decides on their order and on the passage to die in', Number, 1)
  .option('--lanes <n>', 'boards side by side', Number, lanesPerCore * cpus().length)
  .option('--json', 'the figures as one JSON document')
  .parse()
  .opts<Options>();

process.exitCode = await withDirectory('death', (directory) => main(directory, options));

async function main(directory: string, { json, ...wanted }: Options): Promise<number> {
  const names = Object.keys(gaps) as Gap[];
  const progress = startProgress('deaths', wanted.kills * names.length);
  const program = fileURLToPath(
    new URL('./dispatcher-death/mortal-dispatcher.js', import.meta.url),
  );
  try {
    const onDeath = (aftermath: Aftermath) => {
      progress.advance();
      for (const wrong of wrongsOf(aftermath)) progress.say(`${aftermath.gap}: ${wrong}`);
    };
    const aftermaths = await runCampaign({ ...wanted, program, directory, onDeath });
    progress.stop();
    const rows = names.map((gap) => figuresOf(gap, aftermaths));
    if (json) console.log(JSON.stringify({ ...wanted, launchLeaseMs, gaps: rows }, null, 2));
    else console.table(rows.map(inWords));
    return rows.every(({ wrongs }) => wrongs.length === 0) ? 0 : 1;
  } finally {
    progress.stop();
  }
}

function wrongsOf({ claimedAgainMs = 0, nextBeganMs, wrongs }: Aftermath): readonly string[] {
  const boundMs = Math.max(launchLeaseMs, nextBeganMs) + toleranceMs;
  const isLate = claimedAgainMs > boundMs;
  return isLate ? [...wrongs, `claimed again only after ${ms(claimedAgainMs)}`] : wrongs;
}

function figuresOf(gap: Gap, aftermaths: readonly Aftermath[]) {
  const here = aftermaths.filter((aftermath) => aftermath.gap === gap);
  const again = here.flatMap(({ claimedAgainMs }) => claimedAgainMs ?? []);
  const done = here.map(({ doneMs }) => doneMs);
  const spread = (all: readonly number[]) =>
    all.length === 0 ? null : { p50: percentile(all, 0.5), p99: percentile(all, 0.99) };
  return {
    gap,
    kills: here.length,
    runsThatHadEnded: here.filter(({ hadEnded }) => hadEnded).length,
    claimedAgain: again.length,
    claimedAgainMs: spread(again),
    doneMs: spread(done),
    wrongs: here.flatMap(wrongsOf),
  };
}

function inWords({ claimedAgainMs, doneMs, wrongs, ...counts }: ReturnType<typeof figuresOf>) {
  const words = (spread: typeof doneMs) =>
    spread === null ? '' : `${ms(spread.p50)} / ${ms(spread.p99)}`;
  return {
    ...counts,
    'claimed again p50 / p99': words(claimedAgainMs),
    'all done p50 / p99': words(doneMs),
    wrongs: wrongs.length,
  };
}
