/** A log on a loopback node, for tests of what goes wrong between the two. */
import { onTestFinished } from 'vitest';
import type { Trouble } from '../../../src/log/eventstoredb/fault.ts';
import { openClusterLog } from '../../../src/log/eventstoredb/open.ts';
import type { ClusterLimits } from '../../../src/log/eventstoredb/options.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import type { Faults } from '../../loopback/faults.ts';
import { type Loopback, startLoopback } from '../../loopback/node.ts';
import { realPorts } from '../real-ports.ts';

/** Short enough for a test, long enough for a busy machine. */
const limits: Partial<ClusterLimits> = { tryMsMax: 500, silentMsMax: 400, openMsMax: 500 };

/** The machine that a log works with. */
type Ports = Parameters<typeof openClusterLog>[2];

/** A node that is closed with the test. */
export async function aNode(faults: Partial<Faults> = {}): Promise<Loopback> {
  const node = await startLoopback({ faults });
  onTestFinished(() => node.close());
  return node;
}

/** A board at a place, on a host of its own unless a directory is given. */
export async function aLogAt(
  url: string,
  {
    directory = tempDir(),
    board = 'ops',
    ports = realPorts,
    ...own
  }: Partial<ClusterLimits> & { directory?: string; board?: string; ports?: Ports } = {},
) {
  const troubles: Trouble[] = [];
  const log = await openClusterLog(`${url}&board=${board}`, directory, ports, {
    limits: { ...limits, ...own },
    onTrouble: (trouble) => troubles.push(trouble),
  });
  onTestFinished(() => log.close());
  return { log, troubles };
}
