/**
 * Rebuilds the tables of a board in a process of its own and tells how long and how large it was.
 */
import { openProjections } from '../../projections/run.ts';
import { systemTimers } from '../../src/host/clock.ts';
import { openLog } from '../disk/open-log.ts';
import { monotonicMs } from './measure.ts';

const [directory = '', tables = ''] = process.argv.slice(2);
const log = await openLog(directory);
const startedMs = monotonicMs();
const projections = await openProjections({ log, path: tables, timers: systemTimers });
const position = await projections.catchUp();
const tookMs = monotonicMs() - startedMs;
projections.close();
await log.close();
const peakMiB = process.resourceUsage().maxRSS / 1_024;
process.stdout.write(`${JSON.stringify({ tookMs, peakMiB, position })}\n`);
