/** A cluster that no longer has all events of a board, as after $maxCount and scavenging. */
import { expect, onTestFinished, test } from 'vitest';
import { openClusterLog } from '../../../src/log/eventstoredb/open.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { startLoopback } from '../../loopback/node.ts';
import { anEvent, appended, write } from '../an-event.ts';
import { realPorts } from '../real-ports.ts';

test.each(['read', 'write'] as const)(
  'a new host that would %s is told so, and keeps nothing that came after the gap',
  async (mode) => {
    const node = await startLoopback();
    onTestFinished(() => node.close());
    const url = `${node.url}&board=ops`;
    const log = await openClusterLog(url, tempDir(), realPorts);
    onTestFinished(() => log.close());
    const events = [anEvent(), anEvent(), anEvent()];
    await appended(log, { stream: 'task-1', expected: 'no_stream', events });
    await appended(log, write('task-2', 'no_stream'));

    node.store.rewrite((record) => (record.id === events[1]!.id ? undefined : record));

    const opening = openClusterLog(url, tempDir(), realPorts, { mode });
    await expect(opening).rejects.toMatchObject({
      code: 'log_incomplete',
      message: expect.stringContaining('version 1 of task-1'),
    });
  },
);
