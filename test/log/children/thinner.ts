/**
 * Thins a log, and says so before each range, so that it can be killed in the middle of one.
 * Argument: directory.
 */
import { findThinnable } from '../../../src/app/thin.ts';
import { codec } from '../../../src/log/codec.ts';
import { openSqliteLog } from '../../../src/log/sqlite/sqlite-log.ts';
import { rangeSize, type Thinning } from '../../../src/log/sqlite/thin.ts';
import { realPorts } from '../real-ports.ts';

const log = await openSqliteLog(process.argv[2]!, realPorts);
const wanted = { endedBeforeMs: Number.MAX_SAFE_INTEGER, rangeSize, onProgress: () => {} };
const id = realPorts.newEpoch();
const cause = { commandId: id, $correlationId: id, $causationId: id };
const actor = { kind: 'human', id: 'ada' } as const;
const meta = { actor, surface: 'cli', ...cause, at: 0 } as const;

async function* thinnings(): AsyncGenerator<Thinning> {
  for await (const found of findThinnable({ log, codec }, wanted)) {
    process.send!('thinning');
    const attest: Thinning['attest'] = (data) =>
      codec.encode(realPorts.newEpoch(), { type: 'LogThinned', data }, meta);
    yield { ...found, attest };
  }
}

await log.thin(thinnings());
await log.close();
process.disconnect();
