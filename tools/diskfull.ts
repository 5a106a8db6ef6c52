/**
 * `npm run diskfull [-- --levels 200] [--seed 1] [--json]`: the disk is full.
 *
 * On a small file system of its own, a log is opened and written to with so much space left, and
 * appends go on until they are refused: as what they are. Everything acknowledged can be read while
 * the disk is full; with room again, the same log takes the next append, and nothing is repaired.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Attack, runAttack } from './disk/attack.ts';
import { canMount, fillDisk } from './diskfull/attack.ts';

const diskfull: Attack<{ readonly levels: number }> = {
  name: 'diskfull',
  description: 'Fills a disk up to many levels, and looks at what a log on it does.',
  declare: (command) => command.option('--levels <n>', 'levels of free space', Number, 200),
  async run({ levels }, { seed, directory }) {
    if (!canMount()) return { figures: {}, broken: [], skipped: 'nothing may be mounted here' };
    const program = fileURLToPath(new URL('./diskfull/filling-process.js', import.meta.url));
    return fillDisk({ levels, seed, program, directory: join(directory, 'small') });
  },
};

await runAttack(diskfull);
