/** A run elsewhere, on a machine that does not do everything it is asked for. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openHouse } from '../http/a-door.ts';
import { makeTask } from '../http/remote.ts';
import { aMachine } from './a-machine.ts';

test('what cannot be removed after a run is told, and the next task is taken', async () => {
  const house = await openHouse();
  const taskIds = [await makeTask(house, 'Paint the hull'), await makeTask(house, 'Scrub it')];
  const machine = await aMachine(house);
  const linkInItsPlace = 'place=$PWD; cd ..; rmdir "$place"; ln -s / "$place"';

  const { told } = await machine.work(linkInItsPlace, { tasks: 2 });

  for (const taskId of taskIds) {
    const [run] = (await house.board.read()).runs(taskId);
    expect(run?.outcome).toBe('completed');
    const problem = expect.stringContaining('is not a directory');
    expect(told).toContainEqual({ what: 'fault', subject: run?.runId, problem });
  }
  // What was said of the runs, and their tokens, are gone all the same.
  expect(readdirSync(join(machine.place(), 'runs'))).toEqual([]);
});

test('nothing stays of a run, not even of the files that it has handed in', async () => {
  const house = await openHouse();
  const taskId = await makeTask(house);
  const machine = await aMachine(house);

  await machine.work('echo painted > hull.txt', { artifacts: ['*.txt'] });

  const [run] = (await house.board.read()).runs(taskId);
  expect(run?.ending?.artifacts).toMatchObject([{ name: 'hull.txt' }]);
  const left = readdirSync(machine.place(), { recursive: true });
  expect(left.sort()).toEqual(['runs', 'workspaces']);
});

test('a file that cannot be read again is left out; the others and the end are said', async () => {
  const house = await openHouse();
  const taskId = await makeTask(house);
  let reads = 0;
  const machine = await aMachine(house, ({ readArtifact }) => ({
    async readArtifact(runId, sha256) {
      reads += 1;
      if (reads === 1) throw new Error('it cannot be read');
      return readArtifact(runId, sha256);
    },
  }));

  const { told } = await machine.work('echo 1 > 1.txt; echo 2 > 2.txt; echo painted', {
    artifacts: ['*.txt'],
  });

  const [run] = (await house.board.read()).runs(taskId);
  expect(run?.ending).toMatchObject({ summary: 'painted', artifacts: [{ name: '2.txt' }] });
  expect(told).toContainEqual(expect.objectContaining({ problem: 'it cannot be read' }));
});

test('a last word is said also where nothing can be taken over or read', async () => {
  const house = await openHouse();
  const taskId = await makeTask(house);
  const machine = await aMachine(house, ({ runFiles }) => ({
    runFiles: { ...runFiles, readTail: () => Promise.reject(new Error('no tail')) },
    takeOver: () => Promise.reject(new Error('no room')),
  }));

  const { told } = await machine.work('true', { artifacts: ['*.txt'] });

  const [run] = (await house.board.read()).runs(taskId);
  expect(run?.outcome).toBe('completed');
  const faults = told.filter(({ what }) => what === 'fault');
  expect(faults.map(({ problem }) => problem)).toEqual(['no room', 'no tail']);
});
