/** Seeing a board with the rights of somebody else, which root does not have. */
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { findMissing } from '../../src/main/diagnose.ts';
import { BoardNotReadable, type Stat, seeBoard } from '../../src/main/see-board.ts';
import { describeFault } from '../../src/outcome.ts';

const fault = (code: string) => Object.assign(new Error(code), { code });

/** A file system that knows the directory and answers for everything in it. */
const inside =
  (answer: Stat): Stat =>
  (path) =>
    path === '/srv/board' ? { uid: 1001 } : answer(path);

test('a board that may not be read is told with its owner, and is not called absent', () => {
  const closed = inside(() => {
    throw fault('EACCES');
  });

  expect(() => seeBoard('/srv/board', closed)).toThrow(
    'The board at /srv/board may not be read. It belongs to user 1001.',
  );
});

test('the doctor calls it bad, and exit code 7 is for what is not allowed', () => {
  const closed = inside(() => {
    throw fault('EACCES');
  });

  expect(findMissing('/srv/board', closed)).toMatchObject({ check: 'board', state: 'bad' });
  expect(describeFault(new BoardNotReadable('/srv/board', 1001)).exit).toBe(7);
});

test('a board below a folder that is closed is told without its owner', () => {
  const closed: Stat = () => {
    throw fault('EACCES');
  };

  expect(() => seeBoard('/srv/board', closed)).toThrow(/may not be read\.$/);
});

test.each(['log.db', 'wake', 'cluster'])('%s alone shows that there is a board', (name) => {
  const stat = inside((path) => (basename(path) === name ? { uid: 0 } : undefined));

  expect(seeBoard('/srv/board', stat)).toBe(true);
});

test('where nothing is, or a file in the way, there is no board', () => {
  const blocked = inside(() => {
    throw fault('ENOTDIR');
  });

  expect(seeBoard('/srv/board', () => undefined)).toBe(false);
  expect(seeBoard('/srv/board', blocked)).toBe(false);
});
