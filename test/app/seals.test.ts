/** A log is held against its seals, also where what was sealed has been thinned out since. */
import { expect, onTestFinished, test } from 'vitest';
import { compareWithSeals } from '../../src/app/seals.ts';
import { openSqliteLog } from '../../src/log/sqlite/sqlite-log.ts';
import { writeBeatingRuns } from '../kit/beating-log.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { thinAll } from '../kit/thin-log.ts';
import { everything } from '../log/an-event.ts';
import { realPorts } from '../log/real-ports.ts';

async function thinnedLog() {
  const log = await openSqliteLog(tempDir(), realPorts);
  onTestFinished(() => log.close());
  await writeBeatingRuns(log, { runs: 4, beats: 30 });
  const { position } = await log.head();
  const hashes = await Promise.all(
    Array.from({ length: position + 1 }, (_, index) => log.hashAt(index)),
  );
  await thinAll(log, Number.MAX_SAFE_INTEGER);
  const events = await everything(log);
  const behind = events.find(
    (event, index) => event.position > (events[index - 1]?.position ?? 0) + 2,
  );
  const sealed = async (upTo: number, digest: string) => {
    const seals = compareWithSeals(log);
    const data = JSON.stringify({ upTo, digest });
    await seals.take([{ ...events.at(-1)!, type: 'LogSealed', data }]);
    return seals.broken();
  };
  return { hashes, gapEnd: behind!.position - 1, sealed };
}

const wrong = 'f'.repeat(64);

test('a seal on what is there, or was last before a gap, fits or does not', async () => {
  const { hashes, gapEnd, sealed } = await thinnedLog();
  for (const upTo of [1, gapEnd, gapEnd + 1]) {
    expect(await sealed(upTo, hashes[upTo]!)).toBeUndefined();
    expect(await sealed(upTo, wrong)).toMatchObject({ after: 0, upTo });
  }
});

test('a seal on what is gone with all its traces says nothing', async () => {
  const { gapEnd, sealed } = await thinnedLog();
  expect(await sealed(gapEnd - 1, wrong)).toBeUndefined();
});

test('a seal on what was never there does not fit', async () => {
  const { sealed } = await thinnedLog();
  expect(await sealed(1_000_000, wrong)).toMatchObject({ upTo: 1_000_000 });
});
