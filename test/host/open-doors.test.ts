/** The doors of this host tell of themselves, in files of its home directory. */
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createOpenDoors } from '../../src/host/open-doors.ts';
import { createProcessTable, type ProcessTable } from '../../src/host/process-table.ts';
import { tempDir } from '../kit/temp-dir.ts';

const quay = { directory: '/quay/.logboard', name: 'quay', address: 'http://127.0.0.1:4747' };
const yard = { directory: '/yard/.logboard', name: 'yard', address: 'http://127.0.0.1:4748' };

function doorsIn(home: string, table: Pick<ProcessTable, 'stat'> = createProcessTable()) {
  return createOpenDoors(home, table);
}

describe('open doors', () => {
  test('are known to everybody until they close', () => {
    const home = tempDir();
    const close = doorsIn(home).announce(quay);
    doorsIn(home).announce(yard);
    expect(doorsIn(home).list()).toMatchObject([quay, yard]);

    close();

    expect(doorsIn(home).list()).toMatchObject([yard]);
  });

  test('are told of in files for their owner alone', () => {
    const home = tempDir();
    doorsIn(home).announce(quay);
    const [name = ''] = readdirSync(join(home, 'doors'));
    expect(statSync(join(home, 'doors')).mode & 0o077).toBe(0);
    expect(statSync(join(home, 'doors', name)).mode & 0o077).toBe(0);
  });

  test('of a process that died are open no more, and forgotten when the next one opens', () => {
    const home = tempDir();
    doorsIn(home).announce(quay);
    const dead = { stat: () => ({ seen: false, why: 'gone', errno: 'ENOENT' }) as const };
    expect(doorsIn(home, dead).list()).toEqual([]);

    doorsIn(home, dead).announce(yard);

    expect(readdirSync(join(home, 'doors'))).toHaveLength(1);
  });

  test('are not those of a stranger who was given the pid', () => {
    const home = tempDir();
    doorsIn(home).announce(quay);
    const stranger: Pick<ProcessTable, 'stat'> = {
      stat(pid) {
        const sight = createProcessTable().stat(pid);
        if (!sight.seen) return sight;
        return { seen: true, value: { ...sight.value, startTime: sight.value.startTime + 1 } };
      },
    };
    expect(doorsIn(home, stranger).list()).toEqual([]);
  });

  test('are told of in spite of files that say nothing sensible', () => {
    const home = tempDir();
    doorsIn(home).announce(quay);
    writeFileSync(join(home, 'doors', 'torn.json'), '{"directory":');
    expect(doorsIn(home).list()).toMatchObject([quay]);
  });
});
