/**
 * `npm run iofault [-- --step 1] [--kinds eio,torn] [--seed 1] [--json]`: the disk breaks.
 *
 * A library that is loaded before libc lets the Nth call that touches a log fail, for N from 1 on
 * until a run meets no fault any more, in every way in which calls fail. After each run the log
 * must be sound and hold what was acknowledged; nothing may have been acknowledged after an I/O
 * error, and every refusal must say what it is.
 */
import { fileURLToPath } from 'node:url';
import { type Attack, runAttack } from './disk/attack.ts';
import { failCalls } from './iofault/attack.ts';
import { buildLibrary, canBuildLibrary } from './iofault/library.ts';
import { type Kind, kinds } from './iofault/points.ts';
import { withScratch } from './trial/scratch.ts';

interface Options {
  readonly step: number;
  readonly kinds: string;
}

const iofault: Attack<Options> = {
  name: 'iofault',
  description: 'Lets every call to the system fail once, and looks at what the log does.',
  declare: (command) =>
    command
      .option('--step <n>', 'let every nth call fail; the seed says which is the first', Number, 1)
      .option('--kinds <list>', 'kinds of faults', Object.keys(kinds).join(',')),
  async run({ step, kinds: wanted }, { seed, directory, progress }) {
    if (!canBuildLibrary()) return { figures: {}, broken: [], skipped: 'there is no gcc here' };
    // In dist/ there is no C.
    const source = new URL('../../tools/iofault/faulty-io.c', import.meta.url);
    const library = buildLibrary(fileURLToPath(source), directory);
    const program = fileURLToPath(new URL('./iofault/faulty-process.js', import.meta.url));
    const request = { kinds: wanted.split(',') as Kind[], step, first: 1 + (seed % step) };
    return withScratch((scratch) =>
      failCalls({
        ...request,
        program,
        library,
        directory: scratch,
        onPoint: (done) => progress(done, done),
      }),
    );
  },
};

await runAttack(iofault);
