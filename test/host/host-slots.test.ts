/** The cap on running workers, counted over all boards of a host. */
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ProbeResult, ProcessIdentity } from '../../src/dispatcher/ports.ts';
import { systemClock, systemTimers } from '../../src/host/clock.ts';
import { type HostSlots, openHostSlots } from '../../src/host/host-slots.ts';
import type { Probe } from '../../src/host/probe.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { startDispatcher } from './dispatchers.ts';

/** One host whose processes live and die as the test says; every opener is another board. */
function host() {
  const home = tempDir();
  const verdicts = new Map<number, ProbeResult['verdict']>();
  const probe: Probe = ({ pid }) => ({ verdict: verdicts.get(pid) ?? 'alive', because: 'running' });
  const open = async () => {
    const clock = systemClock;
    const random = Math.random;
    const slots = await openHostSlots({ home, probe, clock, timers: systemTimers, random });
    onTestFinished(() => slots.close());
    return slots;
  };
  return { open, verdicts };
}

const process = (pid: number): ProcessIdentity => ({ pid, startTime: 1, bootId: 'this boot' });

function acquire(
  slots: HostSlots,
  nonce: string,
  { pid = 1, max = 2, boardDirectory = '/board' } = {},
): Promise<boolean> {
  return slots.acquire({ nonce, boardDirectory, holder: process(pid) }, max);
}

const nonces = (slots: HostSlots) => slots.list().map(({ nonce }) => nonce);

describe('the slots of a host', () => {
  it('are counted over all boards', async () => {
    const { open } = host();
    const [one, other] = [await open(), await open()];
    expect(await acquire(one, 'a')).toBe(true);
    expect(await acquire(other, 'b')).toBe(true);
    expect(await acquire(one, 'c')).toBe(false);
    expect(nonces(other)).toEqual(['a', 'b']);
  });

  it('come back when they are released', async () => {
    const slots = await host().open();
    await acquire(slots, 'a', { max: 1 });
    await slots.release('a');
    await slots.release('a');
    expect(await acquire(slots, 'b', { max: 1 })).toBe(true);
  });

  it('come back when their holder is dead', async () => {
    const { open, verdicts } = host();
    const slots = await open();
    await acquire(slots, 'a', { pid: 7, max: 1 });
    verdicts.set(7, 'dead');
    expect(await acquire(slots, 'b', { max: 1 })).toBe(true);
    expect(nonces(slots)).toEqual(['b']);
  });

  it('stay taken while nobody knows whether their holder lives', async () => {
    const { open, verdicts } = host();
    const slots = await open();
    await acquire(slots, 'a', { pid: 7, max: 1 });
    verdicts.set(7, 'unknown');
    expect(await acquire(slots, 'b', { max: 1 })).toBe(false);
  });

  it('outlive the dispatcher once they are handed on to the worker', async () => {
    const { open, verdicts } = host();
    const slots = await open();
    await acquire(slots, 'a', { pid: 7, max: 1 });
    expect(await slots.rebind('a', { ...process(8), nonce: 'a' })).toBe(true);
    verdicts.set(7, 'dead');
    expect(await acquire(slots, 'b', { max: 1 })).toBe(false);
    await slots.release('a');
    expect(await slots.rebind('a', process(8))).toBe(false);
  });

  it('stay taken by a worker whose launcher is dead, until somebody has cleared up', async () => {
    const { open, verdicts } = host();
    const slots = await open();
    await acquire(slots, 'a', { pid: 7, max: 1 });
    await slots.rebind('a', { ...process(8), nonce: 'a' });
    verdicts.set(8, 'dead');
    expect(await acquire(slots, 'b', { max: 1 })).toBe(false);
    expect(await acquire(slots, 'b', { max: 1, boardDirectory: '/another' })).toBe(true);
  });

  it('are taken once for one run, however often it asks', async () => {
    const slots = await host().open();
    expect(await acquire(slots, 'a', { max: 1 })).toBe(true);
    expect(await acquire(slots, 'a', { max: 1 })).toBe(true);
    expect(nonces(slots)).toEqual(['a']);
  });

  it('are there after everybody has closed the file', async () => {
    const { open } = host();
    const before = await open();
    await acquire(before, 'a');
    before.close();
    const [slot] = (await open()).list();
    expect(slot).toMatchObject({ nonce: 'a', boardDirectory: '/board', holder: process(1) });
  });
});

describe('dispatchers that race', () => {
  const slots = 3;

  /** So many of them, all ready to begin. */
  async function racing(home: string, count: number) {
    const args = [home, String(slots), '100'];
    const racers = await Promise.all(
      Array.from({ length: count }, () => startDispatcher('takes-slots.ts', args)),
    );
    await Promise.all(racers.map((racer) => racer.nextLine()));
    const ask = (line: string) =>
      Promise.all(
        racers.map((racer) => {
          racer.process.stdin?.write(line);
          return racer.nextLine().then(Number);
        }),
      );
    const kill = () => Promise.all(racers.map((racer) => racer.killHard()));
    return { ask, kill };
  }

  it('never hold more slots than there are, and give them back when they are killed', async () => {
    const home = tempDir();
    const racers = await racing(home, 4);
    expect(Math.max(...(await racers.ask('play\n')))).toBeLessThanOrEqual(slots);
    const taken = await racers.ask('take\n');
    expect(taken.reduce((sum, one) => sum + one)).toBe(slots);
    await racers.kill();

    const successor = await racing(home, 1);
    await successor.ask('play\n');
    expect(await successor.ask('take\n')).toEqual([slots]);
  });
});
