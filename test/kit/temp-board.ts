/** A real board on disk, in a directory of its own; closed and removed when the test is over. */
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Board } from '../../src/app/board.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { openBoardAt } from '../../src/main.ts';
import { tempDir } from './temp-dir.ts';

/** An empty board, and where it is. */
export async function tempBoard(policy?: Policy): Promise<{ board: Board; directory: string }> {
  const directory = join(tempDir(), 'board');
  const board = await openBoardAt(directory, { access: 'create', policy });
  onTestFinished(() => board.close());
  return { board, directory };
}
