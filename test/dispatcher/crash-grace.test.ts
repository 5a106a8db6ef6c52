/**
 * Several dispatchers of one board and host, each a process of its own, with real workers: a
 * sibling that sees /proc wrongly takes no fresh worker for dead.
 */
import { describe, expect, it } from 'vitest';
import type { RunRow } from '../../projections/runs/row.ts';
import { type DispatcherProcess, openWaters } from './other-processes.ts';

/** What only the first dispatcher of a test can do, so that the others are siblings. */
const parent = { capabilities: ['start'] } as const;

const rules = { drainMs: 50, retryBackoffMs: 10, killGraceMs: 300, failureLimit: 9 };

function worker(script: string) {
  const onExit = { 0: 'complete', '*': 'fail' } as const;
  return { script: { run: ['sh', '-c', script], requires: ['start'], onExit } };
}

function hasAdopted({ told }: DispatcherProcess, { runId }: RunRow): boolean {
  return told.some(({ kind, facts }) => kind === 'adopted' && facts['runId'] === runId);
}

/** How long after its spawn a run was ended, in ms; the clock that wrote both is the log's. */
function endedAfterMs({ spawnedAtMs, endedAtMs }: RunRow): number {
  return (endedAtMs ?? 0) - (spawnedAtMs ?? 0);
}

describe('a sibling', () => {
  it('that finds no process at all ends a run after its grace, and not before', async () => {
    const crashGraceMs = 1_500;
    const waters = await openWaters(worker('exec sleep 1000'), { ...rules, crashGraceMs });
    const [, , blind] = await Promise.all([
      waters.dispatch(parent),
      waters.dispatch(),
      waters.dispatch({ eyes: { they: 'deny' } }),
    ]);
    const taskId = await waters.task();
    await waters.atWork(taskId, 3);
    const ended = (await waters.runs(taskId)).slice(0, 2);
    for (const run of ended) {
      expect(run).toMatchObject({
        outcome: 'crashed',
        endedBy: { id: 'D-3' },
        ending: { evidence: { verdict: 'dead', because: 'no_such_process' } },
      });
      // The grace begins with the process, some time before its spawn is recorded.
      expect(endedAfterMs(run)).toBeGreaterThan(crashGraceMs - 500);
      expect(hasAdopted(blind, run)).toBe(true);
    }
  });

  it('that overlooks the young, or sees nothing for certain, ends nobody', async () => {
    const script = 'sleep 2.2; [ "$LOGBOARD_ATTEMPT" = 2 ]';
    const more = { crashGraceMs: 1_500, claimTtlMs: 1_000 };
    const waters = await openWaters(worker(script), { ...rules, ...more });
    const [first, hasty, guessing] = await Promise.all([
      waters.dispatch(parent),
      waters.dispatch({ eyes: { they: 'deny_young', youngMs: 1_300 } }),
      waters.dispatch({ eyes: { they: 'guess' } }),
    ]);
    const taskId = await waters.task();
    await waters.atWork(taskId, 2);
    // From here on nobody is left who knows better.
    await first.killHard();
    await waters.until(taskId, 'done');
    const runs = await waters.runs(taskId);
    expect(runs).toMatchObject([
      { outcome: 'crashed', endedBy: { id: 'D-1' }, ending: { exitCode: 1 } },
      { outcome: 'completed', endedBy: { kind: 'dispatcher' } },
    ]);
    expect(runs[1]?.endedBy?.id).not.toBe('D-1');
    for (const run of runs) {
      expect([hasty, guessing].map((each) => hasAdopted(each, run))).toEqual([true, true]);
    }
  });
});
