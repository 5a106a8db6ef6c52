/** The list of what a run has handed in. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { createRunStore } from '../../src/host/run-store.ts';
import { tempDir } from '../kit/temp-dir.ts';

test('a list whose last line a crash has cut takes what comes after it', async () => {
  const directory = tempDir();
  const store = createRunStore(directory);
  const handIn = (name: string) => store.keepArtifact('R-1', name, Readable.from([name]));
  await handIn('one');
  appendFileSync(join(directory, 'runs', 'R-1', 'handed-in.jsonl'), '{"name":"two","sha25');
  await handIn('two');
  await handIn('three');
  const names = (await store.artifacts('R-1')).map(({ name }) => name);
  expect(names).toEqual(['one', 'two', 'three']);
});
