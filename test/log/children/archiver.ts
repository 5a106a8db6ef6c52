/**
 * Archives a log, and dies at one of its steps: while a file is copied, between its name and the
 * commit that attests it, or while rows leave. Arguments: directory, steps to survive.
 */
import { findClosed } from '../../../src/app/closed.ts';
import { codec } from '../../../src/log/codec.ts';
import type { Archiving } from '../../../src/log/sqlite/archive.ts';
import { openSqliteLog } from '../../../src/log/sqlite/sqlite-log.ts';
import { realPorts } from '../real-ports.ts';

const [directory = '', survived = ''] = process.argv.slice(2);
let left = Number(survived);

/** SIGKILL to oneself is certain: nothing after it is done. */
function step(): void {
  if (left === 0) process.kill(process.pid, 'SIGKILL');
  left -= 1;
}

const log = await openSqliteLog(directory, realPorts);
const wanted = { beforeMs: Number.MAX_SAFE_INTEGER, onProgress: () => {} };
const closed = await findClosed({ log, codec }, wanted);
const id = realPorts.newEpoch();
const cause = { commandId: id, $correlationId: id, $causationId: id };
const actor = { kind: 'human', id: 'ada' } as const;
const meta = { actor, surface: 'cli', ...cause, at: 0 } as const;
const attest: Archiving['attest'] = (data) => {
  step();
  return codec.encode(realPorts.newEpoch(), { type: 'LogSegmented', data }, meta);
};
await log.archive({ isClosed: closed.has, upTo: closed.upTo, attest, onProgress: step });
await log.close();
process.disconnect();
