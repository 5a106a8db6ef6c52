/** What the stop signals do, and what process 1 is told. */
import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { firstProcessWarning, onStopSignals } from '../../src/host/signals.ts';

function listening() {
  const source = new EventEmitter();
  const stop = vi.fn();
  const exit = vi.fn();
  const dispose = onStopSignals(source, { stop, exit });
  const send = (signal: NodeJS.Signals) => source.emit(signal, signal);
  return { source, stop, exit, dispose, send };
}

describe('stop signals', () => {
  it('stop once, gracefully', () => {
    const { stop, exit, send } = listening();
    send('SIGTERM');
    expect(stop).toHaveBeenCalledExactlyOnceWith('SIGTERM');
    expect(exit).not.toHaveBeenCalled();
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('end the process at once when %s comes second', (second, code) => {
    const { stop, exit, send } = listening();
    send('SIGINT');
    send(second);
    expect(stop).toHaveBeenCalledOnce();
    expect(exit).toHaveBeenCalledExactlyOnceWith(code);
  });

  it('stop gracefully however often a dropped session says so', () => {
    const { stop, exit, send } = listening();
    for (const signal of ['SIGHUP', 'SIGHUP', 'SIGTERM', 'SIGHUP'] as const) send(signal);
    expect(stop).toHaveBeenCalledWith('SIGHUP');
    expect(exit).not.toHaveBeenCalled();
    send('SIGTERM');
    expect(exit).toHaveBeenCalledExactlyOnceWith(143);
  });

  it('are left to others when nobody listens any more', () => {
    const { source, dispose } = listening();
    dispose();
    expect(source.eventNames()).toEqual([]);
  });
});

describe('process 1', () => {
  it('is warned of the zombies it will not reap', () => {
    expect(firstProcessWarning(1)).toMatch(/zombie.*--init/);
    expect(firstProcessWarning(4711)).toBeUndefined();
  });
});
