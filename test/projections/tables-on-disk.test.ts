/** When what is folded reaches the file of the tables. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openProjections } from '../../projections/run.ts';
import type { Timers } from '../../src/log/ports.ts';
import { openSqliteLog } from '../../src/log/sqlite/sqlite-log.ts';
import { append, comment, onTask } from '../kit/a-history.ts';
import { created } from '../kit/a-task.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { realPorts } from '../log/real-ports.ts';

test('what is folded is carried into the file after its commit, in another turn', async () => {
  const directory = tempDir();
  const log = await openSqliteLog(directory, realPorts);
  onTestFinished(() => log.close());
  const later: (() => void)[] = [];
  const timers: Timers = {
    ...realPorts.timers,
    after: (_ms, fn) => {
      later.push(fn);
      return () => {};
    },
  };
  const tables = await openProjections({ log, timers, path: directory });
  onTestFinished(() => tables.close());
  const bytes = () =>
    Math.max(
      ...readdirSync(directory)
        .filter((name) => name.startsWith('projections-') && name.endsWith('.db'))
        .map((name) => statSync(join(directory, name)).size),
    );

  const before = bytes();
  const texts = Array.from({ length: 400 }, (_, n) => comment(`${n} `.repeat(2_000)));
  await append(log, [onTask(created()), ...texts]);
  await tables.catchUp();
  expect(bytes()).toBe(before);
  expect(later).toHaveLength(1);
  for (const make of later) make();
  expect(bytes()).toBeGreaterThan(before + 4_000_000);
});
