/**
 * Fills a small file system up to one level after the other, works with a log until it is refused,
 * makes room, and goes on. Tells on stdout, one JSON document a line, what each level was like.
 * Arguments: an empty directory on that file system, and the levels, in bytes left free.
 */
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkLog } from '../disk/check-log.ts';
import { openLog } from '../disk/open-log.ts';
import { Level, type LevelReport } from './level.ts';

const [root = '', ...levels] = process.argv.slice(2);

for (const freeBytes of levels.map(Number)) {
  console.log(JSON.stringify(await fillUpTo(freeBytes)));
}

async function fillUpTo(freeBytes: number): Promise<LevelReport> {
  const board = join(root, 'board');
  const filler = join(root, 'filler');
  mkdirSync(board, { mode: 0o700 });
  const { bavail, bsize } = statfsSync(root);
  writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - freeBytes)));
  const level = new Level();
  const full = await level.open(board);
  if (full !== undefined) await level.appendUntilFull(full);
  rmSync(filler);
  const log = full ?? (await openLog(board));
  await level.goOn(log);
  await log.close();
  const { broken, lost } = await checkLog(board, level.acknowledged);
  level.broken.push(...broken, ...lost.map((name) => `${name} was acknowledged and is lost`));
  rmSync(board, { recursive: true });
  return {
    freeBytes,
    acknowledged: level.acknowledged.length,
    refused: level.refused,
    refusedAtOpening: full === undefined,
    broken: level.broken,
  };
}
