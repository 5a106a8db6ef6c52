/** Ending runs for good, with real processes. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readExitStatus } from '../../src/host/exit-status.ts';
import { unknownBoot } from '../../src/host/host-identity.ts';
import { createProcessTable } from '../../src/host/process-table.ts';
import type { Clock, Timers } from '../../src/log/ports.ts';
import { eventually } from '../kit/eventually.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { child, spawned } from './a-worker.ts';
import { endProcessGroup, groupEnder, probe, table } from './processes.ts';

/** A child program that was let go and has written its pid to the file it was given. */
async function running(program: string) {
  const ready = join(tempDir(), 'ready');
  const { worker, run } = await spawned([child(program), ready]);
  worker.go();
  await eventually(`${program} is ready`, () => existsSync(ready));
  return { worker, run, ready, pid: Number(readFileSync(ready, 'utf8')) };
}

/** A clock that jumps to whatever somebody waits for. */
function timeThatFlies(): { clock: Clock; timers: Timers } {
  let nowMs = 0;
  const after: Timers['after'] = (ms, fn) => {
    nowMs += ms;
    queueMicrotask(fn);
    return () => {};
  };
  const clock = { nowMs: () => nowMs, monoMs: () => nowMs };
  return { clock, timers: { after, immediate: queueMicrotask } };
}

/** True when no process has the pid, or only its zombie is left. */
function isGone(pid: number): boolean {
  const sight = table.stat(pid);
  return sight.seen ? sight.value.state === 'Z' : sight.why === 'gone';
}

describe('ending a run', () => {
  it('asks with TERM first, and leaves the worker time to tidy up', async () => {
    const { worker, run, ready } = await running('answers-term.sh');
    const end = await endProcessGroup(worker.identity, 5_000);
    expect(end).toEqual({
      outcome: 'gone',
      signalled: [{ pid: -worker.identity.pid, signal: 'SIGTERM' }],
      survivors: [],
    });
    expect(existsSync(`${ready}.tidied`)).toBe(true);
    expect(readExitStatus(run.exit)).toEqual({ code: 7 });
  });

  it('kills a worker that ignores TERM', async () => {
    const { worker, pid } = await running('ignores-term.sh');
    const end = await endProcessGroup(worker.identity, 50);
    expect(end.outcome).toBe('gone');
    expect(end.signalled.map(({ signal }) => signal)).toEqual(['SIGTERM', 'SIGKILL']);
    expect(isGone(pid)).toBe(true);
  });

  it('kills at once, and still confirms it, when there is no grace', async () => {
    const { worker, pid } = await running('ignores-term.sh');
    expect((await endProcessGroup(worker.identity, 0)).outcome).toBe('gone');
    expect(isGone(pid)).toBe(true);
  });

  it('kills a worker that is stopped', async () => {
    const { worker, pid } = await running('forever.sh');
    process.kill(pid, 'SIGSTOP');
    expect((await endProcessGroup(worker.identity, 50)).outcome).toBe('gone');
    expect(isGone(pid)).toBe(true);
  });

  it('finds a grandchild in another session by its nonce after the worker has exited', async () => {
    const { worker, pid } = await running('escapes-session.sh');
    expect(await worker.exited).toEqual({ code: 0 });
    expect(probe(worker.identity).verdict).toBe('dead');
    const end = await endProcessGroup(worker.identity, 5_000);
    expect(end).toEqual({
      outcome: 'gone',
      signalled: [{ pid, signal: 'SIGTERM' }],
      survivors: [],
    });
    expect(isGone(pid)).toBe(true);
  });

  it.each([
    ['its session, having shed environment and parent', 'sheds-environment.sh'],
    ['its parent, having shed environment and session', 'sheds-session.sh'],
  ])('finds a process by %s, and does not forget it', async (_, program) => {
    const { worker, pid } = await running(program);
    expect((await endProcessGroup(worker.identity, 50)).outcome).toBe('gone');
    expect(isGone(pid)).toBe(true);
  });

  it('signals nobody when all have gone already', async () => {
    const { worker } = await spawned(['true']);
    worker.go();
    await worker.exited;
    expect(await endProcessGroup(worker.identity, 50)).toEqual({
      outcome: 'was_gone',
      signalled: [],
      survivors: [],
    });
  });

  it('signals nobody for a run of an earlier boot', async () => {
    const { worker, pid } = await running('forever.sh');
    const end = await endProcessGroup({ ...worker.identity, bootId: 'an earlier boot' }, 50);
    expect(end).toEqual({ outcome: 'was_gone', signalled: [], survivors: [] });
    expect(isGone(pid)).toBe(false);
  });

  it.each([
    { nonce: 'of another run' },
    { startTime: 1 },
    { nonce: 'of another run', bootId: unknownBoot },
  ])('leaves a stranger alone that has the pid now: %o', async (difference) => {
    const { worker, pid } = await running('forever.sh');
    const stale = { ...worker.identity, nonce: 'of another run', ...difference };
    const end = await endProcessGroup(stale, 50);
    expect(end).toEqual({ outcome: 'not_ours', signalled: [], survivors: [] });
    expect(isGone(pid)).toBe(false);
  });

  it('does not touch a neighbour', async () => {
    const [one, other] = [await running('forever.sh'), await running('forever.sh')];
    await endProcessGroup(one.worker.identity, 50);
    expect(isGone(one.pid)).toBe(true);
    expect(probe(other.worker.identity).verdict).toBe('alive');
  });
});

describe('what cannot be ended', () => {
  it('is named with its state, so that the workspace stays taken', async () => {
    const { worker } = await running('forever.sh');
    const end = await groupEnder({ kill: () => {}, ...timeThatFlies() })(worker.identity, 5_000);
    expect(end.outcome).toBe('unkillable');
    expect(end.survivors).toContainEqual({ pid: worker.identity.pid, state: 'S' });
  });

  it('is not signalled while the process table cannot be read', async () => {
    const { worker, pid } = await running('forever.sh');
    const blind = createProcessTable({
      readFile: () => '',
      readDirectory: () => {
        throw Object.assign(new Error('EMFILE'), { code: 'EMFILE' });
      },
    });
    expect(await groupEnder({ table: blind })(worker.identity, 20)).toEqual({
      outcome: 'unknown',
      signalled: [],
      survivors: [],
    });
    expect(isGone(pid)).toBe(false);
  });
});
