/** A worker that uses the library as its guide says: attach, or leave with 0; then work. */
import { appendFileSync } from 'node:fs';
import { attachRun, NotAWorker } from '../../../src/index.ts';

const run = await attachRun().catch((error: unknown) => {
  if (!(error instanceof NotAWorker)) throw error;
  console.error(error.message);
  process.exit(0);
});
appendFileSync(process.env['MARK'] ?? '', `${run.runId}\n`);
await run.complete({ summary: 'worked' });
await run.close();
