/**
 * Appends until an append fails, then tries once more, and reports what was promised and how the
 * two failed. Run it where files cannot grow beyond a limit. Argument: directory.
 */
import type { LogUnavailable } from '../../../src/log/event-log.ts';
import { openSqliteLog } from '../../../src/log/sqlite/sqlite-log.ts';
import { anEvent } from '../an-event.ts';
import { realPorts } from '../real-ports.ts';

const log = await openSqliteLog(process.argv[2]!, realPorts);
const promised: string[] = [];
const failures: Pick<LogUnavailable, 'code' | 'retryable' | 'message'>[] = [];

while (failures.length < 2) {
  const event = anEvent({ data: JSON.stringify('x'.repeat(2_000)) });
  try {
    await log.append([{ stream: 'task-1', expected: 'any', events: [event] }]);
    promised.push(event.id);
  } catch (error) {
    const { code, retryable, message } = error as LogUnavailable;
    failures.push({ code, retryable, message });
  }
}

process.stdout.write(JSON.stringify({ promised, failures }));
process.exit();
