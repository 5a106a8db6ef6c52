/**
 * `npm run crash [-- --rounds 1000] [--seed 1] [--json]`: the program dies.
 *
 * A program works on a board, with twenty commands at a time, and is killed with SIGKILL in the
 * middle of it, or while it starts. Whoever opens the board next must find everything that was
 * acknowledged, every invariant unbroken, and tables that follow from the log.
 */
import { fileURLToPath } from 'node:url';
import { crashAgainAndAgain } from './crash/attack.ts';
import { type Attack, runAttack } from './disk/attack.ts';

const crash: Attack<{ readonly rounds: number }> = {
  name: 'crash',
  description: 'Kills a busy program again and again, and looks at its board.',
  declare: (command) => command.option('--rounds <n>', 'how often to kill', Number, 1_000),
  run({ rounds }, { seed, directory, progress }) {
    const program = fileURLToPath(new URL('./crash/loading-process.js', import.meta.url));
    const onRound = (done: number) => progress(done, rounds);
    return crashAgainAndAgain({ rounds, seed, program, directory, onRound });
  },
};

await runAttack(crash);
