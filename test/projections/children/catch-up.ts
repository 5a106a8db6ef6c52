/**
 * Catches up with a log that others append to, few events at a time, beside others of its kind,
 * until it has seen a number of events. Arguments: directory, number of events.
 */
import { openProjections } from '../../../projections/run.ts';
import { openSqliteLog } from '../../../src/log/sqlite/sqlite-log.ts';
import { realPorts } from '../../log/real-ports.ts';

const [directory, events] = process.argv.slice(2) as [string, string];
const log = await openSqliteLog(directory, realPorts, { mode: 'read' });
const { timers } = realPorts;
const projections = await openProjections({ log, timers, path: directory, pageSize: 3 });
await projections.waitFor(Number(events));
const broken = projections.queries.brokenInvariants();
process.send!({ checkpoint: projections.checkpoint(), broken });
projections.close();
await log.close();
process.disconnect();
