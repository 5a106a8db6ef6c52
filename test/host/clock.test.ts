/** The real clock and timers, as far as they promise more than Node's own. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pause, systemClock, systemTimers } from '../../src/host/clock.ts';

describe('the clocks', () => {
  it('tell wall time in whole milliseconds', () => {
    expect(Number.isInteger(systemClock.nowMs())).toBe(true);
  });

  it('never run backwards in durations', () => {
    const before = systemClock.monoMs();
    expect(systemClock.monoMs()).toBeGreaterThanOrEqual(before);
  });
});

describe('a timer', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const monthMs = 31 * 24 * 3_600_000;

  it('waits as long as it was told, even longer than Node can', () => {
    const fired = vi.fn();
    systemTimers.after(monthMs, fired);
    vi.advanceTimersByTime(monthMs - 1);
    expect(fired).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(fired).toHaveBeenCalledOnce();
  });

  it('can be cancelled at any point of a long wait', () => {
    const fired = vi.fn();
    const cancel = systemTimers.after(monthMs, fired);
    vi.advanceTimersByTime(monthMs - 1);
    cancel();
    vi.advanceTimersByTime(monthMs);
    expect(fired).not.toHaveBeenCalled();
  });

  it('can be awaited', async () => {
    const waited = pause(systemTimers, 1_000);
    await vi.advanceTimersByTimeAsync(1_000);
    await expect(waited).resolves.toBeUndefined();
  });
});
