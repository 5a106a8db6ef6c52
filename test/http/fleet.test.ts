/** Dispatchers over HTTP: what the server sees of their processes, now and in the past. */
import { expect, test } from 'vitest';
import { defaultPolicy } from '../../src/domain/policy.ts';
import { readHostIdentity } from '../../src/host/host-identity.ts';
import { randomBytes } from '../../src/host/ids.ts';
import { dispatcherAs, sleeper } from '../host/a-dispatcher-process.ts';
import { type OpenHouse, openHouse } from './a-door.ts';

/** A dispatcher of this host that has come, in a process that can be killed. */
async function dispatching({ board, home }: OpenHouse) {
  const { hostId } = readHostIdentity(home, randomBytes);
  const { pid, kill } = sleeper();
  const who = { ...dispatcherAs(hostId, pid), programVersion: '0.0.0', assignees: ['paint'] };
  const caller = { actor: { kind: 'dispatcher', id: 'D-1' }, surface: 'dispatcher' } as const;
  await board.as(caller).recordDispatcher('D-1', {
    type: 'DispatcherStarted',
    data: { policy: defaultPolicy, ...who },
  });
  return { kill };
}

test('a dispatcher that is killed is gone, not at work on the page, and was there', async () => {
  const house = await openHouse();
  const { kill } = await dispatching(house);
  const told = async (at = '') => {
    const [listed, hosts, page] = await Promise.all(
      ['dispatchers', 'hosts', 'board'].map((path) => house.ask(`/api/v1/${path}${at}`)),
    );
    const states = listed?.json.dispatchers.map(({ state }: { state: string }) => state);
    return [states, hosts?.json.hosts.length, page?.json.dispatchers.length];
  };
  expect(await told()).toEqual([['serving'], 1, 1]);

  await kill();

  expect(await told()).toEqual([['gone'], 0, 0]);
  const { position } = await house.board.log.head();
  expect(await told(`?at=${position}`)).toEqual([['serving'], 1, 1]);
});
