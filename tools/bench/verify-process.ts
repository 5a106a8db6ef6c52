/** Verifies a board in a process of its own and tells how long that took, and how large it was. */
import { createRoot } from '../../src/main.ts';
import { monotonicMs } from './measure.ts';

const [directory = ''] = process.argv.slice(2);
const root = createRoot({ environment: {}, directory, userHome: directory });
const upkeep = await root.upkeep();
const startedMs = monotonicMs();
let logDoneMs = startedMs;
const report = await upkeep.verify(directory, { nowMs: Date.now() }, (stage, { done, total }) => {
  if (stage === 'log' && done === total) logDoneMs = monotonicMs();
});
const tookMs = monotonicMs() - startedMs;
if (report.refused || report.problems.length > 0) throw new Error(JSON.stringify(report));
const peakMiB = process.resourceUsage().maxRSS / 1_024;
const logMs = logDoneMs - startedMs;
process.stdout.write(`${JSON.stringify({ tookMs, logMs, peakMiB })}\n`);
