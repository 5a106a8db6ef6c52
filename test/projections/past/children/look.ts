/** Looks at a position, tells its parent what it has seen, and looks on until it is ended. */
import { openSqliteLog } from '../../../../src/log/sqlite/sqlite-log.ts';
import { realPorts } from '../../../log/real-ports.ts';
import { digestOf, lookAt } from '../looking.ts';

const [directory = '', position = ''] = process.argv.slice(2);
const log = await openSqliteLog(directory, realPorts, { mode: 'read', create: false });
const draft = await lookAt(directory, log, Number(position));
process.send?.({ digest: digestOf(draft.db) });
process.on('message', () => process.exit(0));
