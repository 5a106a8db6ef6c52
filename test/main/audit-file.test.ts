/** An audit export on its way to the disk. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeSealed } from '../../src/main/audit-file.ts';
import { withFilesUpTo } from '../kit/file-size-limit.ts';
import { tempDir } from '../kit/temp-dir.ts';

async function* lines(count: number): AsyncGenerator<string> {
  for (let at = 0; at < count; at += 1) yield 'x'.repeat(999);
}

test('an export that lost a part for want of space is not sealed', async () => {
  const place = tempDir();
  await withFilesUpTo(50_000, async (lift) => {
    const sealLater = async () => {
      lift();
      return 'seal';
    };
    await expect(writeSealed(join(place, 'audit'), lines(100), sealLater)).rejects.toThrow('EFBIG');
  });
  expect(readdirSync(place)).toEqual([]);
});
