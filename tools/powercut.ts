/**
 * `npm run powercut [-- --images 5000] [--failing-syncs 40] [--seed 1] [--json]`: the power fails.
 *
 * Workloads run under strace; from what they wrote and synced, the disk is made again as a power
 * cut may have left it, at every step: with all that was synced, and of the rest what chance keeps,
 * down to half a sector. Each image is opened, and must hold what had been acknowledged. In some
 * runs one sync fails, and what it should have made durable is gone. The control, in which commits
 * are not synced, must lose something: otherwise the images prove nothing.
 */
import { fileURLToPath } from 'node:url';
import { type Attack, runAttack } from './disk/attack.ts';
import { cutPower } from './powercut/attack.ts';
import { canRecord } from './powercut/workloads.ts';

interface Options {
  readonly images: number;
  readonly failingSyncs: number;
}

const powercut: Attack<Options> = {
  name: 'powercut',
  description: 'Cuts the power at every step, and looks for what was acknowledged.',
  declare: (command) =>
    command
      .option('--images <n>', 'images of the disk to look into', Number, 5_000)
      .option('--failing-syncs <n>', 'runs in which a sync fails', Number, 40),
  async run({ images, failingSyncs }, { seed, directory, progress }) {
    if (!canRecord()) return { figures: {}, broken: [], skipped: 'there is no strace here' };
    const program = fileURLToPath(new URL('./powercut/appending-process.js', import.meta.url));
    const onImage = (done: number) => progress(done, images);
    return cutPower({ images, failingSyncs, seed, program, directory, onImage });
  },
};

await runAttack(powercut);
