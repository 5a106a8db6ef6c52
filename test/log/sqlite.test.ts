/** The embedded log keeps the contract. */
import { onTestFinished } from 'vitest';
import type { SqliteLog } from '../../src/log/sqlite/open-log.ts';
import { openSqliteLog } from '../../src/log/sqlite/sqlite-log.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { describeEventLog } from './event-log.contract.ts';
import { realPorts } from './real-ports.ts';

describeEventLog('sqlite', async () => {
  const directory = tempDir();
  let handles: SqliteLog[] = [];
  const open = async () => {
    const log = await openSqliteLog(directory, realPorts);
    handles.push(log);
    return log;
  };
  const closeAll = async () => {
    await Promise.all(handles.map((log) => log.close()));
    handles = [];
  };
  onTestFinished(closeAll);
  return {
    open,
    secondHandle: open,
    async reopen() {
      await closeAll();
      return open();
    },
  };
});
