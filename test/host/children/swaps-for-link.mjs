/**
 * Puts a link to `outside` where the directory `victim` was, and the directory back, for ever.
 * Arguments: victim, outside.
 */
import { renameSync, symlinkSync, unlinkSync } from 'node:fs';

const [victim = '', outside = ''] = process.argv.slice(2);
const steps = [
  () => renameSync(victim, `${victim}.away`),
  () => symlinkSync(outside, victim),
  () => unlinkSync(victim),
  () => renameSync(`${victim}.away`, victim),
];

process.stdout.write('ready\n');
for (;;) {
  for (const step of steps) {
    try {
      step();
    } catch {
      // Whoever removes it was faster, or it is not there yet.
    }
  }
}
