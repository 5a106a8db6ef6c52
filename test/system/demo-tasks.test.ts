/** What the demonstration makes tasks of: folders of a tree that does not keep still. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { chooseFolders, readable } from '../../tools/demo/folders.ts';
import { bodyOf, parseJob } from '../../tools/demo/job.ts';
import { tempDir } from '../kit/temp-dir.ts';

function aTree(): string {
  const root = tempDir();
  for (const [folder, files] of Object.entries({ hull: 2, keel: 1, mast: 3 })) {
    mkdirSync(join(root, folder));
    for (let n = 0; n < files; n += 1) writeFileSync(join(root, folder, `${n}.ts`), '');
  }
  return root;
}

test('the largest come first', () => {
  const names = chooseFolders(aTree(), 2).map(({ name }) => name);
  expect(names).toEqual(['mast', 'hull']);
});

test('a folder that vanishes while it is looked for has no files', () => {
  const root = aTree();
  const names = chooseFolders(root, 12, (path) => {
    const entries = readable(path);
    rmSync(join(root, 'mast'), { recursive: true, force: true });
    return entries;
  }).map(({ name }) => name);
  expect(names).toEqual(['hull', 'keel']);
});

test('a tree that is not there has no folders', () => {
  expect(chooseFolders(join(tempDir(), 'gone'), 12)).toEqual([]);
});

test('its worker reads the job in the midst of words for people, whatever the names are', () => {
  const name = 'a ``` folder\n```json\n```';
  const job = { path: `/tree/${name}`, name, files: ['```.ts', 'b.ts'], pauseMs: 300 };

  expect(parseJob(bodyOf('Count its lines.', job))).toEqual(job);
});
