/** A client that failed is replaced: nothing begins on it any more, and who used it is told. */
import { expect, it } from 'vitest';
import { createLiveClient } from '../../../src/log/eventstoredb/live-client.ts';
import { Replaced, TookTooLong } from '../../../src/log/eventstoredb/within.ts';
import { realPorts } from '../real-ports.ts';

function clients() {
  const made: string[] = [];
  const unmade: string[] = [];
  const make = () => {
    made.push(`client ${made.length + 1}`);
    return made.at(-1)!;
  };
  const unmake = async (client: string) => void unmade.push(client);
  const live = createLiveClient(make, unmake, realPorts.timers);
  const timeOut = () => live.run(() => new Promise<never>(() => {}), 5);
  return { made, unmade, live, timeOut };
}

it('what was getting ready on it does not begin, and is told at once', async () => {
  const { live, timeOut } = clients();
  const begun: string[] = [];
  let getReady = () => {};
  const ready = new Promise<void>((resolve) => {
    getReady = resolve;
  });
  let outcome: Promise<unknown> = Promise.resolve();
  const late = live.run((client, begin) => {
    outcome = ready.then(() => begin(() => begun.push(client)));
    return outcome;
  }, 10_000);
  const told = expect(late).rejects.toThrow(Replaced);
  await expect(timeOut()).rejects.toThrow(TookTooLong);
  await told;
  getReady();
  await expect(outcome).rejects.toThrow(Replaced);
  expect(begun).toEqual([]);
});

it('the next one begins when the last has ended, and an old failure does not end it', async () => {
  const { made, unmade, live, timeOut } = clients();
  const old = await live.current();
  await expect(timeOut()).rejects.toThrow(TookTooLong);
  const next = await live.current();
  expect(unmade).toEqual(['client 1']);
  expect(next.client).toBe('client 2');
  old.judge(new TookTooLong(5));
  expect((await live.current()).client).toBe('client 2');
  expect(made).toHaveLength(2);
});

it('an error that says nothing about the connection leaves it', async () => {
  const { made, live } = clients();
  const conflict = Object.assign(new Error('conflict'), { type: 'wrong-expected-version' });
  await expect(live.run(() => Promise.reject(conflict), 100)).rejects.toBe(conflict);
  await live.run(async () => {}, 100);
  expect(made).toHaveLength(1);
});
