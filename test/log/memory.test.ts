/** The log in memory keeps the contract. */
import { createMemoryLog } from '../../src/log/memory.ts';
import { describeEventLog } from './event-log.contract.ts';
import { realPorts } from './real-ports.ts';

describeEventLog('memory', async () => {
  const log = createMemoryLog({ clock: realPorts.clock, epoch: realPorts.newEpoch() });
  return {
    open: async () => log,
    secondHandle: async () => log,
    reopen: async () => log,
  };
});
