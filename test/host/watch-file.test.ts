/** Hints about a file, from the real file system. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { watchFile } from '../../src/host/watch-file.ts';
import { eventually } from '../kit/eventually.ts';
import { tempDir } from '../kit/temp-dir.ts';

function watched() {
  const directory = tempDir();
  const path = join(directory, 'logboard.yaml');
  writeFileSync(path, 'one');
  const seen = { hints: 0 };
  const stop = watchFile(path, () => {
    seen.hints += 1;
  });
  onTestFinished(stop);
  return { directory, path, seen, stop };
}

test('a file that is written, or that another one takes the place of, gives a hint', async () => {
  const { path, seen } = watched();
  writeFileSync(path, 'two');
  await eventually('a hint', () => seen.hints > 0);
  for (const text of ['three', 'four']) {
    seen.hints = 0;
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
    await eventually('a hint', () => seen.hints > 0);
  }
});

test('its neighbours give none', async () => {
  const { directory, seen } = watched();
  const neighbour = join(directory, 'another.yaml');
  let hints = 0;
  onTestFinished(
    watchFile(neighbour, () => {
      hints += 1;
    }),
  );
  mkdirSync(join(directory, 'workspaces'));
  writeFileSync(neighbour, 'two');
  await eventually('a hint of the neighbour', () => hints > 0);
  expect(seen.hints).toBe(0);
});

test('a directory that is not there gives none, and does no harm', () => {
  watchFile(join(tempDir(), 'gone', 'logboard.yaml'), () => {})();
});
