/**
 * `npm run clock [-- --rounds 10] [--seed 1] [--json]`: time goes wrong for two dispatchers at
 * work. Their wall clocks are set by an hour and a day, both ways and each on its own (this takes
 * Debian's package faketime), they are suspended for several leases, and their event loops stand
 * still for as long. Nothing that lives may lose its run, and nothing that is due may be lost. The
 * exit code says whether that was so.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { findFaketime } from './clock/faketime.ts';
import { playBlock, playSteps, playSuspension, type Staging } from './clock/plays.ts';
import { leaseMs, type Outcome } from './clock/stage.ts';
import { startProgress } from './trial/progress.ts';
import { withDirectory } from './trial/scratch.ts';

interface Options {
  readonly rounds: number;
  readonly seed: number;
  readonly json?: boolean;
}

const options = new Command('clock')
  .description('Sets clocks, suspends dispatchers and blocks their loops, while they are at work.')
  .option('--rounds <n>', 'how often everything is done', Number, 10)
  .option('--seed <n>', 'decides on the order and the moments of steps', Number, 1)
  .option('--json', 'the figures as one JSON document')
  .parse()
  .opts<Options>();

process.exitCode = await withDirectory('clock', (directory) => main(directory, options));

type Play = (staging: Staging) => Promise<Outcome>;

async function main(directory: string, { json, ...wanted }: Options): Promise<number> {
  const faketime = findFaketime();
  if (faketime === undefined) {
    console.error('SKIPPED: clock steps. Needs libfaketime: apt-get install faketime');
  }
  const plays: Readonly<Record<string, Play>> = {
    ...(faketime === undefined ? {} : { steps: (staging) => playSteps(staging, faketime) }),
    suspension: playSuspension,
    block: playBlock,
  };
  const program = fileURLToPath(new URL('./trial/dispatcher-process.js', import.meta.url));
  const progress = startProgress('plays', Object.keys(plays).length);
  try {
    const rows = await Promise.all(
      Object.entries(plays).map(async ([name, play]) => {
        const outcome = await play({ ...wanted, directory: join(directory, name), program });
        progress.advance();
        return { play: name, ...outcome };
      }),
    );
    progress.stop();
    const wrongs = rows.flatMap((row) => row.wrongs);
    for (const wrong of wrongs) console.error(wrong);
    if (json) console.log(JSON.stringify({ ...wanted, leaseMs, plays: rows }, null, 2));
    else console.table(rows.map((row) => ({ ...row, wrongs: row.wrongs.length })));
    return wrongs.length === 0 ? 0 : 1;
  } finally {
    progress.stop();
  }
}
