/**
 * Appends to a stream that others append to as well, always at the version it believes in, and
 * reports which versions it won. Arguments: directory, stream, number of versions to see.
 */
import { openSqliteLog } from '../../../src/log/sqlite/sqlite-log.ts';
import { anEvent } from '../an-event.ts';
import { realPorts } from '../real-ports.ts';

const [directory, stream, rounds] = process.argv.slice(2) as [string, string, string];
const log = await openSqliteLog(directory, realPorts);
const won: { version: number; id: string }[] = [];

for (let version = -1; version < Number(rounds) - 1; ) {
  const event = anEvent();
  const result = await log.append([{ stream, expected: version, events: [event] }]);
  if (result.ok) {
    won.push({ version: version + 1, id: event.id });
  }
  version = result.ok ? version + 1 : result.actual;
}

await log.close();
process.send!(won);
process.disconnect();
