/** The story of a board against its log: compared while it is told, and never written again. */
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { createTableFiles } from '../../projections/file.ts';
import { verify } from '../../projections/rebuild.ts';
import { openProjections } from '../../projections/run.ts';
import { createMemoryLog } from '../../src/log/memory.ts';
import { append, comment, onTask } from '../kit/a-history.ts';
import { created } from '../kit/a-task.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { realPorts } from '../log/real-ports.ts';

const { timers } = realPorts;
/** More than are compared at once. */
const comments = 2_500;

/** What differs in a long story once `sql` was run on its tables. */
async function differencesAfter(sql: string) {
  const path = tempDir();
  const log = createMemoryLog({ clock: { nowMs: () => 0 }, epoch: 'epoch-1' });
  const live = await openProjections({ log, timers, path });
  const chatter = Array.from({ length: comments }, () => comment('Aye.'));
  await append(log, [onTask(created()), ...chatter]);
  await live.catchUp();
  live.close();
  const db = new Database(createTableFiles(path).current() ?? '');
  db.exec(sql);
  db.close();
  return (await verify({ log, timers, path })).differences;
}

const line = (key: string) => ({ table: 'timeline', key });
const missing = { column: '*', live: false, rebuilt: true };
const invented = { column: '*', live: true, rebuilt: false };
/** Copies the line at position 2 to another place. */
const forged = (place: string) => `
  INSERT INTO timeline SELECT ${place}, at_ms, task_id, run_id, type, importance, actor_kind,
    actor_id, surface, data, correlation_id, causation_id FROM timeline WHERE position = 2;`;

describe('the story of a board', () => {
  test('as the log tells it differs in nothing', async () => {
    expect(await differencesAfter('')).toEqual([]);
  });

  test.each([1, 2, 1_000, 1_001, comments, comments + 1])(
    'of which a value was changed at position %i',
    async (at) => {
      const sql = `UPDATE timeline SET actor_id = 'nobody' WHERE position = ${at} AND ordinal = 0`;
      expect(await differencesAfter(sql)).toEqual([
        { ...line(`${at} 0`), column: 'actor_id', live: 'nobody', rebuilt: 'ada' },
      ]);
    },
  );

  test.each([1, 999, 1_000, 1_001, 2_000, comments + 1])(
    'of which lines at position %i were taken',
    async (at) => {
      const differences = await differencesAfter(`DELETE FROM timeline WHERE position = ${at}`);
      // The task was created at position 1, and became ready.
      const ordinals = at === 1 ? [0, 1] : [0];
      expect(differences).toEqual(
        ordinals.map((ordinal) => ({ ...line(`${at} ${ordinal}`), ...missing })),
      );
    },
  );

  test('to which lines were added says where', async () => {
    const sql = ['-1, 0', '0, 0', '1, 2', '1000, 1', '9999, 0'].map(forged).join('');
    expect(await differencesAfter(sql)).toEqual(
      ['-1 0', '0 0', '1 2', '1000 1', '9999 0'].map((key) => ({ ...line(key), ...invented })),
    );
  });

  test('is compared in its order, whichever side a line is missing on', async () => {
    const sql = `DELETE FROM timeline WHERE position IN (3, 900); ${forged('500, 1')}`;
    const differences = await differencesAfter(sql);
    expect(differences.map(({ key }) => key)).toEqual(['3 0', '500 1', '900 0']);
  });

  test('that is all wrong names the first hundred lines', async () => {
    const differences = await differencesAfter(`UPDATE timeline SET at_ms = -1, data = '{}'`);
    expect(differences).toHaveLength(2 * 100);
    expect(differences.at(0)).toMatchObject(line('1 0'));
    expect(differences.at(-1)).toMatchObject(line('99 0'));
  });
});
