/** A whole log in an incident file, for tests that care about the file. */
import { join } from 'node:path';
import type { Queries } from '../../../projections/index.ts';
import { incidentLines } from '../../../src/app/incident/save.ts';
import { defaultPolicy } from '../../../src/domain/policy.ts';
import type { EventLog } from '../../../src/log/event-log.ts';
import { writeIncidentFile } from '../../../src/log/incident/write.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { everything } from '../an-event.ts';

/** When the file is saved, UTC ms. */
export const savedAtMs = 1_800_000_000_000;

/** Saves a log, with these outputs of runs, and answers the path of the file. */
export async function fileOf(
  log: EventLog,
  outputs: Readonly<Record<string, string>> = {},
): Promise<string> {
  const streams = new Set((await everything(log)).map(({ stream }) => stream));
  const lines = incidentLines({
    board: { log, read: async () => noTables, nowMs: () => savedAtMs },
    choice: { whole: [], beside: [], outputs: Object.keys(outputs), streams },
    around: [],
    window: null,
    policy: defaultPolicy,
    savedAtMs,
    program: '0.1.0',
    withText: true,
    onEncrypted: () => {},
    readOutput: async (runId) => ({ text: outputs[runId] ?? '', cut: false }),
    onProgress: () => {},
  });
  const path = join(tempDir(), 'incident.jsonl');
  await writeIncidentFile(path, lines, { force: false });
  return path;
}

const noTables = { board: () => undefined, countTasks: () => 0 } as unknown as Queries;
