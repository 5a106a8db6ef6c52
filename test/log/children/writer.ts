/**
 * Appends until it is killed, several at a time, and reports every append it was promised.
 * Argument: directory.
 */
import { openSqliteLog } from '../../../src/log/sqlite/sqlite-log.ts';
import { anEvent } from '../an-event.ts';
import { realPorts } from '../real-ports.ts';

const log = await openSqliteLog(process.argv[2]!, realPorts);

async function appendForever(lane: string): Promise<never> {
  for (let version = -1; ; version += 2) {
    const pair = [anEvent(), anEvent()];
    const result = await log.append([{ stream: lane, expected: version, events: pair }]);
    if (!result.ok) {
      throw new Error(`Somebody else wrote to ${lane}`);
    }
    process.send!(pair.map(({ id }) => id));
  }
}

await Promise.all([1, 2, 3].map((n) => appendForever(`lane-${process.pid}-${n}`)));
