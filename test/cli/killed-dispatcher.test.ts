/** A dispatcher that is killed: what every door says of it from then on. */
import { expect, test } from 'vitest';
import { openWaters } from '../dispatcher/other-processes.ts';
import { commandLine } from './command-line.ts';

test('a dispatcher killed with -9 is gone at once, for every verb that tells', async () => {
  const { directory, home, dispatch } = await openWaters({ script: { run: ['true'] } });
  const cli = commandLine();
  const here = { environment: { LOGBOARD_HOME: home, LOGBOARD_BOARD: directory } };
  const states = async (setting = here) => {
    const listed = await cli.json<{ state: string }[]>(['dispatchers'], setting);
    return listed.map(({ state }) => state);
  };
  const doctorsWord = async () => {
    const { findings } = await cli.json<{ findings: Finding[] }>(['doctor'], here);
    return findings.find(({ check }) => check === 'dispatcher');
  };
  const dispatcher = await dispatch();
  expect(await states()).toEqual(['serving']);
  expect(await doctorsWord()).toMatchObject({
    state: 'ok',
    found: `D-1 (process ${dispatcher.pid})`,
  });

  await dispatcher.killHard();

  expect(await states()).toEqual(['gone']);
  expect(await cli.json(['hosts'], here)).toEqual([]);
  const left = 'none is running here; 1 left without a word';
  expect(await doctorsWord()).toMatchObject({ state: 'warn', found: left });
  const { stderr } = await cli.run(['dispatchers'], here);
  expect(stderr).toContain('gone: left without a word; its process is no more');
  const task = await cli.json<{ id: string }>(['create', 'Go', '--assignee', 'script'], here);
  const why = await cli.json<{ headline: string }>(['why', task.id], here);
  expect(why.headline).toBe('ready, but no dispatcher is at work on this board');
  // Who stands on another host sees none of its processes, and says so.
  const elsewhere = { environment: { ...here.environment, LOGBOARD_HOME: cli.home } };
  expect(await states(elsewhere)).toEqual(['serving']);
  const { stderr: unseen } = await cli.run(['dispatchers'], elsewhere);
  expect(unseen).toContain('Not seen from here, only not heard to have stopped: D-1.');
});

interface Finding {
  readonly check: string;
  readonly state: string;
  readonly found: string;
}
