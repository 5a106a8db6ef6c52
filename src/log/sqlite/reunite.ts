/**
 * A copy of a log becomes whole again: what its segments hold is put back into it. So a backup
 * stays one file, from which a board can be restored without any other.
 */
import { createTransactions } from '../../sqlite/transaction.ts';
import type { Breathe } from '../breathe.ts';
import type { Position } from '../event-log.ts';
import type { Opened } from './opened.ts';
import { allColumns, insertRow, rowsAtOnce, type WholeRow } from './segment-writer.ts';
import { Segments } from './segments.ts';

/** Puts the rows of segments of the board in `directory` back into the copy at `path`. */
export async function reunite(
  path: string,
  directory: string,
  log: Pick<Opened, 'openCopy' | 'openSegment'>,
  breathe: Breathe,
): Promise<void> {
  const copy = log.openCopy(path);
  const segments = new Segments(copy, directory, log.openSegment);
  try {
    if (!segments.lookAgain()) return;
    const { immediate } = createTransactions(copy);
    const put = copy.prepare(insertRow.replace('INSERT', 'INSERT OR IGNORE'));
    for (const segment of segments.known) {
      const rowsAfter = rowsOf(segments.file(segment).db);
      for (let after = segment.from - 1; ; ) {
        const rows = segments.read(segment, () => rowsAfter(after));
        const last = rows.at(-1);
        if (last === undefined) break;
        immediate(() => {
          for (const row of rows) put.run(...row);
        });
        [after] = last;
        await breathe();
      }
    }
    immediate(() => copy.exec('DELETE FROM segments'));
  } finally {
    segments.close();
    copy.close();
  }
}

function rowsOf(file: ReturnType<Opened['openSegment']>) {
  const select = file
    .prepare<[Position, number], WholeRow>(
      `SELECT ${allColumns} FROM events WHERE position > ? ORDER BY position LIMIT ?`,
    )
    .raw();
  return (after: Position) => select.all(after, rowsAtOnce);
}
