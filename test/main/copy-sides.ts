/** Boards to copy, places to copy them to, and what they say of themselves afterwards. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { BoardCopied, CopyPlace, VerifyReport } from '../../src/cli/upkeep.ts';
import { openSqliteLog } from '../../src/log/sqlite/sqlite-log.ts';
import { createUpkeep } from '../../src/main/upkeep.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { realPorts } from '../log/real-ports.ts';
import { type Loopback, startLoopback } from '../loopback/node.ts';

const silent = () => {};

/** Everything that is done to boards, from one home directory. */
export function copier(home = tempDir()) {
  const upkeep = createUpkeep({
    home,
    environment: {},
    directory: home,
    programVersion: '0.0.0',
    log: { ...realPorts, randomBytes: () => new Uint8Array(32) },
    loadConfig: () => Promise.reject(new Error('nobody asks')),
  });
  return {
    copy: (from: string, to: string): Promise<BoardCopied> =>
      upkeep.copy(placeOf(from), placeOf(to), silent),
    /** What a signed export says of all events; who signed it, and when, is left out. */
    async audit(directory: string): Promise<string> {
      const file = join(tempDir(), 'all.audit');
      await upkeep.exportAudit(directory, { file, nowMs: 0 }, silent);
      return readFileSync(file, 'utf8').split('\n').slice(0, -2).join('\n');
    },
    async verify(directory: string): Promise<VerifyReport> {
      const report = await upkeep.verify(directory, { nowMs: 0 }, silent);
      if (report.refused) throw new Error(report.message);
      return report;
    },
  };
}

function placeOf(given: string): CopyPlace {
  return given.startsWith('esdb:') ? { url: given } : { directory: given };
}

/** A loopback node for as long as the test lasts. */
export async function aNode(): Promise<Loopback> {
  const node = await startLoopback();
  onTestFinished(() => node.close());
  return node;
}

/** A log in a new directory, for as long as the test lasts. */
export async function aLog() {
  const directory = join(tempDir(), 'board');
  const log = await openSqliteLog(directory, realPorts);
  onTestFinished(() => log.close());
  return { directory, log };
}
