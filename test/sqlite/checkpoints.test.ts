/** The write-ahead log is carried over apart from commits. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createCheckpoints } from '../../src/sqlite/checkpoints.ts';
import { openDatabase } from '../../src/sqlite/open.ts';
import { tempDir } from '../kit/temp-dir.ts';

/** A database that is filled page by page, each in a commit of its own. */
function pages() {
  const path = join(tempDir(), 'pages.db');
  const db = openDatabase({ path, durability: 'normal' });
  onTestFinished(() => void db.close());
  const checkpoints = createCheckpoints(db);
  db.exec('CREATE TABLE pages (x)');
  const insert = db.prepare('INSERT INTO pages VALUES (randomblob(4000))');
  const write = (count: number) => {
    for (let n = 0; n < count; n += 1) insert.run();
  };
  const bytes = () => statSync(path).size;
  return { checkpoints, db, write, bytes };
}

it('a commit carries nothing over, however long the log has become', () => {
  const { checkpoints, write, bytes } = pages();
  write(10);
  const before = bytes();
  expect(checkpoints.areDue()).toBe(false);
  write(1_000);
  expect(bytes()).toBe(before);
  expect(checkpoints.areDue()).toBe(true);
  checkpoints.make();
  expect(bytes()).toBeGreaterThan(1_000 * 4_000);
  expect(checkpoints.areDue()).toBe(false);
});

it('unless nobody asks: then SQLite does it in a commit, four times as late', () => {
  const { write, bytes } = pages();
  write(2_100);
  expect(bytes()).toBeGreaterThan(1_000 * 4_000);
});

it('a connection that was closed meanwhile has nothing to carry over', () => {
  const { checkpoints, db } = pages();
  db.close();
  expect(() => checkpoints.make()).not.toThrow();
});
