/** The cluster log keeps the contract, with the real client over a real socket. */
import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { EventLog } from '../../src/log/event-log.ts';
import { openClusterLog } from '../../src/log/eventstoredb/open.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { testUnless } from '../kit/test-where.ts';
import { startLoopback } from '../loopback/node.ts';
import { describeEventLog, type LogHarness } from './event-log.contract.ts';
import { realPorts } from './real-ports.ts';

/** A board of its own on a cluster, seen from two directories. */
function harnessOn(url: string, second: 'same_host' | 'other_host'): LogHarness {
  const directories = [tempDir(), tempDir()] as const;
  let handles: EventLog[] = [];
  const openIn = async (directory: string) => {
    const log = await openClusterLog(url, directory, realPorts);
    handles.push(log);
    return log;
  };
  const closeAll = async () => {
    await Promise.all(handles.map((log) => log.close()));
    handles = [];
  };
  onTestFinished(closeAll);
  return {
    open: () => openIn(directories[0]),
    secondHandle: () => openIn(directories[second === 'same_host' ? 0 : 1]),
    async reopen() {
      await closeAll();
      return openIn(directories[0]);
    },
  };
}

describeEventLog('cluster, over a batch stream, two processes of a host', async () => {
  const node = await startLoopback();
  onTestFinished(() => node.close());
  return harnessOn(`${node.url}&board=ops`, 'same_host');
});

describeEventLog('cluster, append by append, two hosts', async () => {
  const node = await startLoopback({
    faults: { serverFeatures: false, idempotentPosition: false },
  });
  onTestFinished(() => node.close());
  return harnessOn(`${node.url}&board=ops`, 'other_host');
});

const realNode = process.env['LOGBOARD_TEST_EVENTSTORE_URL'];

if (realNode === undefined) {
  const missing = 'the contract on a real node: LOGBOARD_TEST_EVENTSTORE_URL says where one is';
  testUnless(missing)('cluster, a real node', () => {});
} else {
  describeEventLog('cluster, a real node', async () => {
    const board = `contract-${randomUUID().slice(0, 8)}`;
    const joint = realNode.includes('?') ? '&' : '?';
    return harnessOn(`${realNode}${joint}board=${board}`, 'other_host');
  });
}
