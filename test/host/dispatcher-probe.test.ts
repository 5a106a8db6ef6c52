/** Which dispatchers this host can see: real processes, and a home directory of its own. */
import { expect, test } from 'vitest';
import { createDispatcherProbe } from '../../src/host/dispatcher-probe.ts';
import { readHostIdentity } from '../../src/host/host-identity.ts';
import { randomBytes } from '../../src/host/ids.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { dispatcherAs, sleeper } from './a-dispatcher-process.ts';

function thisHost() {
  const home = tempDir();
  const { hostId } = readHostIdentity(home, randomBytes);
  return { home, hostId, probe: createDispatcherProbe(home) };
}

test('a process of this host is alive until it is killed, and dead from then on', async () => {
  const { hostId, probe } = thisHost();
  const { pid, kill } = sleeper();
  const dispatcher = dispatcherAs(hostId, pid);

  expect(probe(dispatcher)).toBe('alive');
  await kill();
  expect(probe(dispatcher)).toBe('dead');
});

test('whoever has the pid now is not the dispatcher that had it', () => {
  const { hostId, probe } = thisHost();

  expect(probe({ ...dispatcherAs(hostId, process.pid), startTime: '1' })).toBe('dead');
  expect(probe({ ...dispatcherAs(hostId, process.pid), bootId: 'another boot' })).toBe('dead');
});

test('without a start time only a pid that is free proves an end', async () => {
  const { hostId, probe } = thisHost();
  const { pid, kill } = sleeper();
  const dispatcher = { ...dispatcherAs(hostId, pid), startTime: null };

  expect(probe(dispatcher)).toBe('unknown');
  await kill();
  expect(probe(dispatcher)).toBe('dead');
});

test('of another host nothing is known, nor of any before this one has an id', () => {
  const { hostId, probe } = thisHost();
  const dispatcher = { ...dispatcherAs(hostId, process.pid), pid: 2 ** 30 };

  expect(probe(dispatcher)).toBe('dead');
  expect(probe({ ...dispatcher, host: 'f'.repeat(32) })).toBe('unknown');
  const home = tempDir();
  const early = createDispatcherProbe(home);
  expect(early(dispatcher)).toBe('unknown');
  const { hostId: drawn } = readHostIdentity(home, randomBytes);
  expect(early({ ...dispatcher, host: drawn })).toBe('dead');
});
