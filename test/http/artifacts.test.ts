/** Files that runs elsewhere hand in, beside whoever makes room on the board. */
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { commandLine } from '../cli/command-line.ts';
import { openHouse } from './a-door.ts';
import { remoteRun } from './remote.ts';

const handIn = 'artifact?name=hull.txt';

test('what a run has handed in is there when it completes, after gc as well', async () => {
  const house = await openHouse();
  const cli = commandLine(dirname(house.directory));
  const [open, blocked] = [await remoteRun(house), await remoteRun(house)];
  const first = (await open.say(handIn, Buffer.from('one coat'))).json;
  const other = (await blocked.say(handIn, Buffer.from('no paint left'))).json;
  await blocked.say('block', { reason: 'no paint left' });

  await cli.json(['gc', '--older-than', '30d']);
  await cli.json(['gc', '--older-than', '1ms']);
  await open.say('complete', { summary: 'painted' });

  const { json: task } = await house.ask(`/api/v1/tasks/${open.taskId}`);
  expect(task.artifacts).toEqual([first]);
  for (const { sha256, bytes } of [first, other]) {
    const content = await house.fetch(`/api/v1/artifacts/${sha256}`);
    expect((await content.text()).length).toBe(bytes);
  }
});
