/**
 * A dispatcher in a process of its own, as `logboard dispatch` is one. Argument: a `Place` as JSON.
 * It says `ready`, and then every report as a line of JSON. A line `block <ms>` on stdin makes it
 * stand still for so long; the end of stdin ends it at once, and its workers go on.
 */
import { createInterface } from 'node:readline';
import { openTrial, type Place } from './trial.ts';

const trial = await openTrial(JSON.parse(process.argv[2] ?? '{}') as Place);
await trial.dispatch(`process-${process.pid}`, (what, facts) => {
  process.stdout.write(`${JSON.stringify({ what, facts })}\n`);
});
process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  const [, ms] = /^block (\d+)$/.exec(line) ?? [];
  if (ms !== undefined) block(Number(ms));
}
process.exit();

/** What a long garbage collection or a large document does to an event loop. */
function block(ms: number): void {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
}
