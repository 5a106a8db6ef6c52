/** A live configuration under the fake clock: what counts, when, and how often it is told. */
import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import type { JsonObject } from '../../src/domain/limits.ts';
import { createLiveConfig } from '../../src/main/live-config.ts';
import { createFakeClock } from '../kit/fake-clock.ts';

/** A file in memory that gives hints only when the test does, and a log that may be down. */
async function follow(text: string) {
  const clock = createFakeClock();
  const path = '/quay/logboard.yaml';
  const load = (read: string) => {
    return loadConfig({ environment: {}, directory: '/quay', file: path, text: read });
  };
  const scene = { text, hint: () => {}, isLogDown: false, changes: 0, reads: 0 };
  const file = {
    path,
    read: () => {
      scene.reads += 1;
      return scene.text;
    },
    watch: (onHint: () => void) => {
      scene.hint = onHint;
      return () => {};
    },
  };
  const live = createLiveConfig(load(text), { file, load, timers: clock });
  const told: { what: string; facts: JsonObject }[] = [];
  const announced: number[] = [];
  const stopping = new AbortController();
  const around = {
    announce: async ({ policy }: { policy: { maxRunning: number } }) => {
      if (scene.isLogDown) throw new Error('EIO');
      // Nothing is done yet by what the log is about to be told of.
      expect(live.now().policy.maxRunning).not.toBe(policy.maxRunning);
      announced.push(policy.maxRunning);
    },
    changed: () => {
      scene.changes += 1;
    },
    report: (what: string, facts: JsonObject) => void told.push({ what, facts }),
  };
  const following = live.follow(around, stopping.signal);
  const stop = async () => {
    stopping.abort();
    await following;
  };
  onTestFinished(stop);
  await clock.advance(1_000);
  return Object.assign(scene, { clock, live, told, announced, stop });
}

test('an edit counts when its file has stood still for a moment', async () => {
  const scene = await follow('maxRunning: 1');
  scene.text = 'maxRunning: 2';
  scene.hint();
  await scene.clock.advance(100);
  scene.text = 'maxRunning: 25';
  await scene.clock.advance(100);
  expect(scene.live.now().policy.maxRunning).toBe(1);
  await scene.clock.advance(200);
  expect(scene.live.now().policy.maxRunning).toBe(25);
  expect(scene.announced).toEqual([25]);
  expect(scene.changes).toBe(1);
});

test('an edit that no hint came of is found all the same', async () => {
  const scene = await follow('maxRunning: 1');
  scene.text = 'maxRunning: 2';
  await scene.clock.advance(6_000);
  expect(scene.announced).toEqual([2]);
});

test('an edit between the start and the first look is found', async () => {
  const scene = await follow('maxRunning: 1');
  await scene.stop();
  expect(scene.told).toEqual([]);
  scene.text = 'maxRunning: 2';
  const stopping = new AbortController();
  const around = { announce: async () => {}, changed: () => {}, report: () => {} };
  const following = scene.live.follow(around, stopping.signal);
  await scene.clock.advance(1_000);
  stopping.abort();
  await following;
  expect(scene.live.now().policy.maxRunning).toBe(2);
});

test('nothing is told of a comment, and nothing of a fault twice', async () => {
  const scene = await follow('maxRunning: 1');
  scene.text = '# More later.\nmaxRunning: 1';
  await scene.clock.advance(60_000);
  expect(scene.told).toEqual([]);
  scene.text = 'maxRunning: many';
  await scene.clock.advance(60_000);
  expect(scene.told).toMatchObject([{ what: 'fault', facts: { subject: 'configuration' } }]);
  scene.text = 'maxRunning: more';
  await scene.clock.advance(60_000);
  expect(scene.told.map(({ what }) => what)).toEqual(['fault', 'fault']);
  expect(scene.announced).toEqual([]);
});

test('an edit waits for a log that is down, which is told once', async () => {
  const scene = await follow('maxRunning: 1');
  scene.isLogDown = true;
  scene.text = 'maxRunning: 2';
  await scene.clock.advance(60_000);
  expect(scene.live.now().policy.maxRunning).toBe(1);
  expect(scene.told.map(({ facts }) => facts['problem'])).toEqual([
    'What is new in /quay/logboard.yaml waits for the log: EIO',
  ]);
  scene.isLogDown = false;
  await scene.clock.advance(6_000);
  expect(scene.live.now().policy.maxRunning).toBe(2);
  expect(scene.told.map(({ what }) => what)).toEqual(['fault', 'reloaded']);
});

test('a file that nobody touches is read every few seconds', async () => {
  const scene = await follow('maxRunning: 1');
  scene.reads = 0;
  await scene.clock.advance(60_000);
  expect(scene.reads).toBe(12);
});
