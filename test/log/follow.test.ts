/** A follower misses nothing, never ends in silence, and says when it is in trouble. */
import { describe, expect, it } from 'vitest';
import { type EventLog, LogUnavailable, type StoredEvent } from '../../src/log/event-log.ts';
import { type FollowTrouble, follow$, followPages } from '../../src/log/follow.ts';
import { createMemoryLog } from '../../src/log/memory.ts';
import type { Timers } from '../../src/log/ports.ts';
import { createFakeClock } from '../kit/fake-clock.ts';
import { appended, write } from './an-event.ts';

const unreachable = new LogUnavailable('The line is down', {
  code: 'log_unreachable',
  hint: 'Wait.',
  retryable: true,
});

/** A log in memory and fake time, with what a follower of it sees and complains of. */
function stage(replaced: Partial<EventLog> = {}) {
  const time = createFakeClock();
  const { timers, pending } = counted(time);
  const log = createMemoryLog({ clock: time, epoch: 'epoch' });
  const troubles: FollowTrouble[] = [];
  const stop = new AbortController();
  const options = {
    clock: time,
    timers,
    random: () => 1,
    signal: stop.signal,
    onTrouble: (trouble: FollowTrouble) => void troubles.push(trouble),
  };
  const followed = { ...log, ...replaced };
  return { time, log, followed, options, troubles, stop, pending };
}

/** Timers that know how many of their calls are still to come. */
function counted(timers: Timers): { timers: Timers; pending: () => number } {
  const due = new Set<object>();
  return {
    pending: () => due.size,
    timers: {
      immediate: timers.immediate,
      after(ms, fn) {
        const entry = {};
        due.add(entry);
        const cancel = timers.after(ms, () => {
          due.delete(entry);
          fn();
        });
        return () => {
          due.delete(entry);
          cancel();
        };
      },
    },
  };
}

/** Follows in the background; `seen` grows, `ended` settles with the end. */
function follow(log: EventLog, options: Parameters<typeof followPages>[1]) {
  const seen: string[] = [];
  const ended = (async () => {
    for await (const page of followPages(log, options)) {
      seen.push(...page.map(({ stream, version }) => `${stream}@${version}`));
    }
  })();
  return { seen, ended };
}

describe('a follower', () => {
  it('catches up in pages and goes on with what comes, and no time passes', async () => {
    const { time, log, options, stop } = stage();
    await appended(log, write('old', 'no_stream', 3));
    const { seen, ended } = follow(log, { ...options, pageSize: 2 });
    await time.advance(0);
    expect(seen).toEqual(['old@0', 'old@1', 'old@2']);
    await appended(log, write('new', 'no_stream'));
    await time.advance(0);
    expect(seen.at(-1)).toBe('new@0');
    stop.abort();
    await ended;
  });

  it('begins after the position it is given', async () => {
    const { time, log, options } = stage();
    const { position } = await appended(log, write('old', 'no_stream', 3));
    await appended(log, write('new', 'no_stream'));
    const { seen } = follow(log, { ...options, after: position });
    await time.advance(0);
    expect(seen).toEqual(['new@0']);
  });

  it('finds what is new within a second when every hint is lost', async () => {
    const { time, log, followed, options } = stage({ onHint: () => () => {} });
    const { seen } = follow(followed, options);
    await time.advance(0);
    await appended(log, write('task-1', 'no_stream'));
    await time.advance(999);
    expect(seen).toEqual([]);
    await time.advance(1);
    expect(seen).toEqual(['task-1@0']);
  });

  it('hears a hint that comes while it reads', async () => {
    const { time, log, followed, options } = stage({
      async readAll(range) {
        const page = await log.readAll(range);
        if (page.length === 0 && (await log.head()).position === 0) {
          await appended(log, write('task-1', 'no_stream'));
        }
        return page;
      },
    });
    const { seen } = follow(followed, options);
    await time.advance(0);
    expect(seen).toEqual(['task-1@0']);
  });

  it('reports reads that fail, tries again later and later, and goes on', async () => {
    let isDown = true;
    const { time, log, followed, options, troubles } = stage({
      readAll: (range) => (isDown ? Promise.reject(unreachable) : log.readAll(range)),
    });
    await appended(log, write('task-1', 'no_stream'));
    const { seen } = follow(followed, options);
    await time.advance(100_000);
    const retries = troubles.map((trouble) => trouble.kind === 'read_failed' && trouble.retryInMs);
    expect(retries.filter(Boolean).slice(0, 8)).toEqual([
      100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000,
    ]);
    isDown = false;
    await time.advance(5_000);
    expect(seen).toEqual(['task-1@0']);
  });

  it('spreads its retries, so that many do not come back at once', async () => {
    const { time, followed, options, troubles } = stage({
      readAll: () => Promise.reject(unreachable),
    });
    follow(followed, { ...options, random: () => 0 });
    await time.advance(0);
    expect(troubles).toEqual([
      { kind: 'read_failed', error: unreachable, failures: 1, retryInMs: 50 },
    ]);
  });

  it.each([
    ['it waits for news', async () => []],
    ['it waits to try again', () => Promise.reject(unreachable)],
  ])('ends at once when told to while %s, and leaves nothing running', async (_, readAll) => {
    let listeners = 0;
    const { time, followed, options, stop, pending } = stage({
      readAll,
      onHint() {
        listeners += 1;
        return () => {
          listeners -= 1;
        };
      },
    });
    const { ended } = follow(followed, options);
    await time.advance(0);
    expect(listeners).toBe(1);
    stop.abort();
    await ended;
    expect(listeners).toBe(0);
    expect(pending()).toBe(0);
  });

  it('ends with an error when the log is closed', async () => {
    const { time, log, options } = stage();
    const { ended } = follow(log, options);
    const end = expect(ended).rejects.toMatchObject({ code: 'log_closed' });
    await time.advance(0);
    await log.close();
    await time.advance(1_000);
    await end;
  });
});

describe('the watchdog', () => {
  it('reports a follower that stands still behind the head', async () => {
    const { time, log, followed, options, troubles } = stage({ readAll: async () => [] });
    follow(followed, options);
    await appended(log, write('task-1', 'no_stream', 2));
    await time.advance(14_000);
    expect(troubles).toEqual([{ kind: 'lagging', cursor: 0, head: 2, stillForMs: 10_000 }]);
  });

  it('reports one whose consumer does not come back for more', async () => {
    const { time, log, options, troubles } = stage();
    await appended(log, write('task-1', 'no_stream', 2));
    await followPages(log, options).next();
    await time.advance(10_000);
    expect(troubles).toMatchObject([{ kind: 'lagging', cursor: 0, head: 2 }]);
  });

  it('is content with one that moves, however far behind, and with one at the head', async () => {
    const { time, log, options, troubles } = stage();
    await appended(log, write('task-1', 'no_stream', 20));
    const pages = followPages(log, { ...options, pageSize: 1 });
    for (let page = 0; page < 20; page += 1) {
      await pages.next();
      await time.advance(4_000);
    }
    void pages.next();
    await time.advance(60_000);
    expect(troubles).toEqual([]);
  });
});

describe('the observable', () => {
  it('gives event by event until it is unsubscribed', async () => {
    const { time, log, options, pending } = stage();
    await appended(log, write('task-1', 'no_stream', 2));
    const seen: StoredEvent[] = [];
    const subscription = follow$(log, options).subscribe((event) => seen.push(event));
    await time.advance(0);
    expect(seen.map(({ version }) => version)).toEqual([0, 1]);
    subscription.unsubscribe();
    await appended(log, write('task-1', 1));
    await time.advance(5_000);
    expect(seen).toHaveLength(2);
    expect(pending()).toBe(0);
  });

  it('completes when told to end, and fails when the log is closed', async () => {
    const { time, log, options, stop } = stage();
    const ends: string[] = [];
    const observer = (name: string) => ({
      complete: () => ends.push(`${name} completed`),
      error: () => ends.push(`${name} failed`),
    });
    follow$(log, options).subscribe(observer('told'));
    const { signal: _, ...endless } = options;
    follow$(log, endless).subscribe(observer('endless'));
    await time.advance(0);
    stop.abort();
    await time.advance(0);
    await log.close();
    await time.advance(1_000);
    expect(ends).toEqual(['told completed', 'endless failed']);
  });
});
