/**
 * `npm run bitrot [-- --events 600] [--step 1] [--seed 1] [--json]`: bits flip.
 *
 * In each byte of a log's file one bit is flipped, and the log is opened, verified, read as a whole
 * and stream by stream, and appended to. Either somebody notices, or every answer is the same; what
 * makes no difference is counted by what the byte belongs to. Then the file is cut off everywhere.
 * With every byte of 200 KB this takes about a quarter of an hour.
 */
import { rot } from './bitrot/attack.ts';
import { type Attack, runAttack } from './disk/attack.ts';
import { withScratch } from './trial/scratch.ts';

const bitrot: Attack<{ readonly events: number; readonly step: number }> = {
  name: 'bitrot',
  description: 'Flips a bit in every byte of a log, and asks it for everything.',
  declare: (command) =>
    command
      .option('--events <n>', 'events in the log', Number, 600)
      .option('--step <n>', 'damage every nth byte', Number, 1),
  run: ({ events, step }, { seed, progress }) =>
    withScratch((directory) => rot({ events, step, seed, directory, onByte: progress })),
};

await runAttack(bitrot);
