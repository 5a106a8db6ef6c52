/** The rules, one by one, each on a view that holds nothing else. */
import { describe, expect, it } from 'vitest';
import type { RunAction, Wait } from '../../src/dispatcher/judge.ts';
import { lookAgainMs, settleMs, siblingPatienceMs } from '../../src/dispatcher/judge.ts';
import { plan, slotLookMs } from '../../src/dispatcher/plan.ts';
import type { OpenRunView, RemainsView, View } from '../../src/dispatcher/view.ts';
import { defaultPolicy } from '../../src/domain/policy.ts';
import { anEnd, anExternalRun, aReadyTask, aRun, aView, evidence } from './a-view.ts';

const policy = {
  ...defaultPolicy,
  crashGraceMs: 30_000,
  drainMs: 2_000,
  maxSilentMs: 100_000,
  staleAfterMs: 50_000,
};
const hour = 3_600_000;

/** What is done about one run, or until when it is left alone. */
function verdictOn(run: OpenRunView, view: Partial<View> = {}, rules = policy): RunAction | Wait {
  const { actions, waits } = plan(aView({ runs: [run], ...view }), rules);
  return [...actions, ...waits][0] as RunAction | Wait;
}

function ages(changes: Partial<OpenRunView['ages']>): Pick<OpenRunView, 'ages'> {
  return { ages: { runMs: 0, leaseMs: 0, quietMs: 0, ...changes } };
}

describe('a worker that is alive', () => {
  it('is left alone while its lease lasts', () => {
    const verdict = verdictOn(aRun(ages({ leaseMs: 10_000 })));
    expect(verdict).toMatchObject({ do: 'wait', subject: 'R-1', forMs: 35_000 });
  });

  it('has its lease renewed by its own dispatcher before the lease is over', () => {
    expect(verdictOn(aRun(ages({ leaseMs: 45_000 })))).toEqual({
      do: 'extend_lease',
      runId: 'R-1',
      taskId: 'T-1',
      leaseMs: 60_000,
      reason: 'its worker is alive',
      evidence: {
        place: 'here',
        claimedBy: 'D-1',
        leaseMs: 60_000,
        lastSignAtMs: 1_000,
        ages: { runMs: 0, leaseMs: 45_000, quietMs: 0 },
        worker: { is: 'alive', ...evidence },
      },
    });
  });

  it('has its lease renewed by another dispatcher of the host when its own one does not', () => {
    const adopted = aRun({ isMine: false });
    expect(verdictOn({ ...adopted, ...ages({ leaseMs: 52_499 }) })).toMatchObject({ do: 'wait' });
    const late = verdictOn({ ...adopted, ...ages({ leaseMs: 52_500 }) });
    expect(late).toMatchObject({ do: 'extend_lease' });
  });

  it('has its lease renewed at once by whoever cannot know how old it is', () => {
    expect(verdictOn(aRun({ isAgeKnown: false }))).toMatchObject({ do: 'extend_lease' });
  });

  it('of another dispatcher is looked at again soon, since nobody tells its end', () => {
    expect(verdictOn(aRun({ isMine: false }))).toMatchObject({ do: 'wait', forMs: lookAgainMs });
  });

  it('is never reclaimed, however long its lease has been over', () => {
    const run = aRun({ isMine: false, ...ages({ leaseMs: 10 * 60_000, runMs: 10 * 60_000 }) });
    expect(verdictOn(run)).toMatchObject({ do: 'extend_lease' });
  });

  it('goes stale after long running and long silence, and only after both', () => {
    const silent = (runMs: number, quietMs: number) => aRun(ages({ runMs, quietMs }));
    expect(verdictOn(silent(99_999, 99_999))).toMatchObject({ do: 'wait', forMs: 1 });
    expect(verdictOn(silent(hour, 49_000))).toMatchObject({ do: 'wait', forMs: 1_000 });
    expect(verdictOn(silent(100_000, 50_000))).toMatchObject({
      do: 'end_run',
      judgedAt: 2,
      end: {
        type: 'MarkRunStale',
        silentMs: 50_000,
        evidence: { worker: { is: 'alive' }, maxSilentMs: 100_000, staleAfterMs: 50_000 },
      },
    });
  });

  it('never goes stale where the rule is switched off', () => {
    const run = aRun(ages({ runMs: hour, quietMs: hour }));
    const verdict = verdictOn(run, {}, { ...policy, staleAfterMs: 0 });
    expect(verdict).toMatchObject({ do: 'wait' });
  });

  it('is timed out at its longest runtime, whatever signs of life it gives', () => {
    const run = (runMs: number) => aRun({ maxRuntimeMs: 5_000, ...ages({ runMs }) });
    expect(verdictOn(run(4_000))).toMatchObject({ do: 'wait', forMs: 1_000 });
    expect(verdictOn(run(5_000))).toMatchObject({
      do: 'end_run',
      end: {
        type: 'TimeOutRun',
        limitMs: 5_000,
        elapsedMs: 5_000,
        evidence: { limitFrom: 'policy' },
      },
    });
  });
});

describe('a worker that cannot be seen for certain', () => {
  const unseen = { is: 'unknown', evidence } as const;

  it('is waited for when its lease is over', () => {
    const run = aRun({ worker: unseen, ...ages({ leaseMs: 10 * 60_000 }) });
    expect(verdictOn(run)).toMatchObject({ do: 'wait', forMs: lookAgainMs });
  });

  it('is timed out all the same', () => {
    const run = aRun({ worker: unseen, maxRuntimeMs: 1, ...ages({ runMs: 1 }) });
    expect(verdictOn(run)).toMatchObject({ do: 'end_run', end: { type: 'TimeOutRun' } });
  });
});

describe('a worker that was stopped', () => {
  const stopped = { is: 'stopped', evidence: { states: 'T' } } as const;

  it('keeps its run while its lease lasts', () => {
    const run = aRun({ worker: stopped, ...ages({ leaseMs: 59_000 }) });
    expect(verdictOn(run)).toMatchObject({ do: 'wait', forMs: 1_000 });
  });

  it('loses its run with its lease, on the evidence that it stands still', () => {
    const run = aRun({ worker: stopped, ...ages({ leaseMs: 60_000 }) });
    expect(verdictOn(run)).toMatchObject({
      do: 'end_run',
      end: {
        type: 'ReclaimRun',
        reason: expect.stringContaining('stopped'),
        evidence: { worker: { is: 'stopped', states: 'T' }, ages: { leaseMs: 60_000 } },
      },
    });
  });
});

describe('a worker that has exited', () => {
  it('is judged when a last word could have come, with what was known and waited for', () => {
    const run = (sinceMs: number) =>
      aRun({ worker: anEnd({ sinceMs }), ...ages({ runMs: 7_000, leaseMs: 3_000 }) });
    expect(verdictOn(run(500))).toMatchObject({ do: 'wait', forMs: 1_500 });
    expect(verdictOn(run(2_000))).toEqual({
      do: 'judge_exit',
      runId: 'R-1',
      taskId: 'T-1',
      judgedAt: 2,
      end: { code: 0 },
      evidence: {
        ...evidence,
        knownBy: 'exit',
        sinceMs: 2_000,
        claimedBy: 'D-1',
        lastSignAtMs: expect.any(Number),
        ages: { runMs: 7_000, leaseMs: 3_000, quietMs: expect.any(Number) },
        drainMs: 2_000,
      },
    });
  });

  it('is judged by the crash grace, which the evidence names, when only its pid is missing', () => {
    const worker = anEnd({ end: 'lost', knownBy: 'pid', sinceMs: hour });
    const run = aRun({ worker, ...ages({ runMs: hour, quietMs: hour }) });
    expect(verdictOn(run)).toMatchObject({
      do: 'judge_exit',
      evidence: { knownBy: 'pid', crashGraceMs: 30_000 },
    });
  });

  it('is judged at once where its definition says what the exit means', () => {
    const run = aRun({ worker: anEnd({ isAnswer: true }) });
    expect(verdictOn(run)).toMatchObject({ do: 'judge_exit' });
  });

  it('is judged at once when it was never let go', () => {
    const run = aRun({ worker: anEnd({ end: 'never_started' }) });
    expect(verdictOn(run)).toMatchObject({ do: 'judge_exit', end: 'never_started' });
  });

  it('is judged at once when it was of an earlier boot', () => {
    const worker = anEnd({ end: 'lost', knownBy: 'boot' });
    expect(verdictOn(aRun({ isMine: false, worker }))).toMatchObject({ do: 'judge_exit' });
  });

  it('is left to its own dispatcher for a moment longer by the others', () => {
    const run = aRun({ isMine: false, worker: anEnd({ sinceMs: 2_000 }) });
    expect(verdictOn(run)).toMatchObject({ do: 'wait', forMs: siblingPatienceMs });
  });

  it('needs no crash grace, since its exit is known', () => {
    const run = aRun({ worker: anEnd({ end: { signal: 'SIGSEGV' }, sinceMs: 2_000 }) });
    expect(verdictOn(run)).toMatchObject({ do: 'judge_exit' });
  });

  it('is judged in a late pass too, since an exit is no silence', () => {
    const run = aRun({ worker: anEnd({ sinceMs: 2_000 }) });
    expect(verdictOn(run, { isLate: true })).toMatchObject({ do: 'judge_exit' });
  });

  it('is not timed out any more', () => {
    const run = aRun({ worker: anEnd(), maxRuntimeMs: 1, ...ages({ runMs: 10 }) });
    expect(verdictOn(run)).toMatchObject({ do: 'wait' });
  });
});

/** It has shown no life since it was spawned. */
const alone = (runMs: number) => ages({ runMs, quietMs: runMs });

describe('a worker of which only the pid is missing', () => {
  const lost = (sinceMs: number) => anEnd({ end: 'lost', knownBy: 'pid', sinceMs });

  it('is not judged within the crash grace of its own spawn', () => {
    const since = ages({ runMs: 12_000, quietMs: 12_000 });
    const run = aRun({ isMine: false, worker: lost(10_000), ...since });
    expect(verdictOn(run)).toMatchObject({ do: 'wait', until: 'its crash grace is over' });
  });

  it('is looked for again while it is not judged', () => {
    const since = ages({ runMs: 12_000, quietMs: 12_000 });
    const run = aRun({ isMine: false, worker: lost(10_000), ...since });
    expect(verdictOn(run)).toMatchObject({ do: 'wait', forMs: lookAgainMs });
  });

  it('was not gone yet when it showed life afterwards', () => {
    const run = aRun({ worker: lost(10_000), ...ages({ runMs: 40_000, quietMs: 1_500 }) });
    expect(verdictOn(run)).toMatchObject({ do: 'wait', forMs: policy.drainMs - 1_500 });
  });

  it('is judged after it', () => {
    const run = aRun({ isMine: false, worker: lost(10_000), ...alone(30_000) });
    expect(verdictOn(run)).toMatchObject({ do: 'judge_exit', end: 'lost' });
  });

  it('is judged at once where the grace is switched off', () => {
    const run = aRun({ worker: lost(2_000), ...alone(2_000) });
    const verdict = verdictOn(run, {}, { ...policy, crashGraceMs: 0 });
    expect(verdict).toMatchObject({ do: 'judge_exit' });
  });
});

describe('the crash grace of a worker that is gone', () => {
  const dueMs = policy.drainMs + siblingPatienceMs;
  const told = { end: { code: 1 }, knownBy: 'exit' } as const;
  const missing = { end: 'lost', knownBy: 'pid' } as const;
  const rebooted = { end: 'lost', knownBy: 'boot' } as const;
  const neverLetGo = { end: 'never_started', knownBy: 'exit' } as const;

  // Age of the run, for how long it is known, the grace; how long to wait, 0 = it is judged.
  it.each([
    { known: missing, runMs: 0, sinceMs: 0, graceMs: 30_000, waitMs: 30_000 },
    { known: missing, runMs: 29_999, sinceMs: 29_999, graceMs: 30_000, waitMs: 1 },
    { known: missing, runMs: 30_000, sinceMs: dueMs, graceMs: 30_000, waitMs: 0 },
    { known: missing, runMs: 30_000, sinceMs: 0, graceMs: 30_000, waitMs: dueMs },
    { known: missing, runMs: hour, sinceMs: dueMs, graceMs: 30_000, waitMs: 0 },
    { known: missing, runMs: 0, sinceMs: 0, graceMs: 0, waitMs: dueMs },
    { known: missing, runMs: dueMs, sinceMs: dueMs, graceMs: 0, waitMs: 0 },
    { known: told, runMs: 0, sinceMs: 0, graceMs: 30_000, waitMs: dueMs },
    { known: told, runMs: dueMs, sinceMs: dueMs, graceMs: 30_000, waitMs: 0 },
    { known: rebooted, runMs: 0, sinceMs: 0, graceMs: 30_000, waitMs: 0 },
    { known: neverLetGo, runMs: 0, sinceMs: 0, graceMs: 30_000, waitMs: 0 },
  ])('decides about %o', ({ known, runMs, sinceMs, graceMs, waitMs }) => {
    const run = aRun({ isMine: false, worker: anEnd({ ...known, sinceMs }), ...alone(runMs) });
    const verdict = verdictOn(run, {}, { ...policy, crashGraceMs: graceMs });
    const forMs = known === missing ? Math.min(waitMs, lookAgainMs) : waitMs;
    expect(verdict).toMatchObject(
      waitMs === 0 ? { do: 'judge_exit', end: known.end } : { do: 'wait', forMs },
    );
  });

  it('is the one that its claim recorded, whatever the policy has come to', () => {
    const worker = anEnd({ ...missing, sinceMs: dueMs });
    const run = aRun({ isMine: false, worker, ...alone(dueMs) });
    const terms = { ...policy, crashGraceMs: 30_000 };
    const now = { ...policy, crashGraceMs: 0 };
    expect(verdictOn(run, {}, now)).toMatchObject({ do: 'judge_exit' });
    expect(verdictOn({ ...run, terms }, {}, now)).toMatchObject({ do: 'wait' });
  });

  it('is not what an unknown one waits for: that one waits on', () => {
    const worker = { is: 'unknown', evidence } as const;
    for (const runMs of [0, 30_000, hour]) {
      const run = aRun({ isMine: false, worker, ...ages({ runMs, leaseMs: runMs }) });
      expect(verdictOn(run, {}, { ...policy, crashGraceMs: 0, staleAfterMs: 0 })).toMatchObject({
        do: 'wait',
      });
    }
  });
});

describe('a claim without a worker', () => {
  const launching = (leaseMs: number, changes: Partial<OpenRunView> = {}) =>
    aRun({ isSpawned: false, worker: undefined, ...ages({ leaseMs, runMs: leaseMs }), ...changes });

  it('has its launch lease to spawn one', () => {
    expect(verdictOn(launching(29_000))).toMatchObject({ do: 'wait', forMs: 1_000 });
  });

  it.each(['here', 'other_host'] as const)('is reclaimed as never started, claimed %s', (place) => {
    expect(verdictOn(launching(30_000, { place }))).toMatchObject({
      do: 'end_run',
      end: { type: 'ReclaimRun', reason: expect.stringContaining('never started') },
    });
  });

  it('neither times out nor goes stale', () => {
    const run = launching(29_000, { maxRuntimeMs: 1, ...ages({ runMs: hour, quietMs: hour }) });
    expect(verdictOn(run)).toMatchObject({ do: 'wait' });
  });
});

describe('a queue that several hosts take from', () => {
  it('is drawn from within a priority, and never past it', () => {
    const ready = [
      aReadyTask('T-1', { turn: 0.9 }),
      aReadyTask('T-2', { turn: 0.1 }),
      aReadyTask('T-3', { priority: 1, turn: 0.99 }),
    ];
    const { actions } = plan(aView({ ready, freeSlots: 2 }), policy);
    expect(actions).toMatchObject([{ taskId: 'T-3' }, { taskId: 'T-2' }]);
  });
});

describe('a worker on another host', () => {
  const elsewhere = (changes: Partial<OpenRunView>) =>
    aRun({ place: 'other_host', isMine: false, worker: undefined, ...changes });

  it('is reclaimed when its lease is over: its own host would have renewed it', () => {
    expect(verdictOn(elsewhere(ages({ leaseMs: 60_000 })))).toMatchObject({
      do: 'end_run',
      end: { type: 'ReclaimRun', evidence: { place: 'other_host', leaseMs: 60_000 } },
    });
  });

  it('is timed out and called stale by its own host alone', () => {
    const run = elsewhere({ maxRuntimeMs: 1, ...ages({ runMs: hour, quietMs: hour }) });
    expect(verdictOn(run)).toMatchObject({ do: 'wait' });
  });
});

describe('a worker outside', () => {
  it('is reclaimed when its lease is over', () => {
    const run = anExternalRun(ages({ leaseMs: 60_000 }));
    expect(verdictOn(run)).toMatchObject({
      do: 'end_run',
      end: { type: 'ReclaimRun', reason: 'its lease is over' },
    });
  });

  it('is timed out at its longest runtime', () => {
    const run = anExternalRun({ maxRuntimeMs: 5, ...ages({ runMs: 5 }) });
    expect(verdictOn(run)).toMatchObject({ do: 'end_run', end: { type: 'TimeOutRun' } });
  });

  it('can go stale although it beats in time', () => {
    const run = anExternalRun(ages({ runMs: hour, quietMs: hour }));
    expect(verdictOn(run)).toMatchObject({ do: 'end_run', end: { type: 'MarkRunStale' } });
  });
});

describe('a pass that came late', () => {
  it.each([
    ['reclaims nobody', anExternalRun(ages({ leaseMs: hour }))],
    ['times nobody out', aRun({ maxRuntimeMs: 1, ...ages({ runMs: hour }) })],
    ['calls nobody stale', aRun(ages({ runMs: hour, quietMs: hour }))],
  ])('%s, but looks again soon', (_what, run) => {
    const verdict = verdictOn(run, { isLate: true });
    expect(verdict).toMatchObject({ do: 'wait', forMs: settleMs });
  });

  it('still renews the leases of the living', () => {
    const run = aRun(ages({ leaseMs: hour }));
    expect(verdictOn(run, { isLate: true })).toMatchObject({ do: 'extend_lease' });
  });
});

describe('what a finished run left behind', () => {
  const remainsVerdict = (remains: RemainsView) => {
    const { actions, waits } = plan(aView({ remains: [remains] }), policy);
    return [...actions, ...waits][0];
  };
  const leaving = { runId: 'R-1', isLeaving: true, hasExited: false, sinceMs: 500 };

  it('may leave by itself when its own word ended the run', () => {
    expect(remainsVerdict(leaving)).toMatchObject({ do: 'wait', subject: 'R-1', forMs: 1_000 });
    expect(remainsVerdict({ ...leaving, sinceMs: 1_900 })).toMatchObject({
      do: 'wait',
      forMs: 100,
    });
  });

  it('is ended when it outstays that', () => {
    const verdict = remainsVerdict({ ...leaving, sinceMs: 2_000 });
    expect(verdict).toEqual({ do: 'end_processes', runId: 'R-1' });
  });

  it('is ended at once when it has exited: only descendants can be left', () => {
    expect(remainsVerdict({ ...leaving, hasExited: true })).toMatchObject({ do: 'end_processes' });
  });

  it('is ended at once when somebody else ended the run', () => {
    expect(remainsVerdict({ ...leaving, isLeaving: false })).toMatchObject({ do: 'end_processes' });
  });
});

describe('ready tasks', () => {
  const claimed = (view: Partial<View>) =>
    plan(aView(view), policy).actions.map((action) => (action.do === 'claim' ? action.taskId : ''));

  it('are claimed by priority, then by age', () => {
    const old = aReadyTask('T-old');
    const urgent = aReadyTask('T-urgent', { priority: 5 });
    const young = aReadyTask('T-young');
    expect(claimed({ ready: [young, urgent, old] })).toEqual(['T-urgent', 'T-old', 'T-young']);
  });

  it('are claimed as far as the host has slots, and looked at again soon', () => {
    const ready = [aReadyTask('T-1'), aReadyTask('T-2')];
    const { actions, waits, lookAgainInMs } = plan(aView({ ready, freeSlots: 1 }), policy);
    expect(actions).toEqual([
      { do: 'claim', taskId: 'T-1', assignee: 'build', isUnassigned: false },
    ]);
    expect(waits).toMatchObject([{ subject: 'T-2', until: 'a slot is free' }]);
    expect(lookAgainInMs).toBe(slotLookMs);
  });

  it('are claimed as far as their assignee may have workers, without holding up others', () => {
    const freeByAssignee = new Map([
      ['build', 1],
      ['test', 1],
    ]);
    const ready = [
      aReadyTask('T-1', { priority: 9 }),
      aReadyTask('T-2', { priority: 9 }),
      aReadyTask('T-3', { assignee: 'test' }),
    ];
    expect(claimed({ ready, freeByAssignee })).toEqual(['T-1', 'T-3']);
  });

  it('are left to programs outside where the assignee has no worker definition here', () => {
    expect(claimed({ ready: [aReadyTask('T-1', { assignee: 'somebody' })] })).toEqual([]);
  });

  it('stay where they are while the board is paused', () => {
    const ready = [aReadyTask('T-1')];
    expect(plan(aView({ ready, isPaused: true, nextDueInMs: 5 }), policy)).toEqual({
      actions: [],
      waits: [],
      lookAgainInMs: undefined,
    });
  });

  it('that come due later are waited for', () => {
    expect(plan(aView({ nextDueInMs: 1_234 }), policy).lookAgainInMs).toBe(1_234);
  });
});

describe('a plan', () => {
  it('needs no second look at a board on which nothing waits', () => {
    expect(plan(aView(), policy)).toEqual({ actions: [], waits: [], lookAgainInMs: undefined });
  });

  it('looks again at the soonest of all deadlines', () => {
    const runs = [aRun(ages({ leaseMs: 10_000 })), aRun({ maxRuntimeMs: 7_000 })];
    expect(plan(aView({ runs, nextDueInMs: 9_000 }), policy).lookAgainInMs).toBe(7_000);
  });

  it('is the same for the same view', () => {
    const view = aView({
      runs: [aRun(ages({ leaseMs: 50_000 }))],
      ready: [aReadyTask('T-9')],
    });
    expect(plan(view, policy)).toEqual(plan(structuredClone(view), policy));
  });

  it('goes on judging while the board is paused', () => {
    const runs = [aRun({ worker: anEnd({ sinceMs: 2_000 }) })];
    const { actions } = plan(aView({ runs, isPaused: true }), policy);
    expect(actions).toMatchObject([{ do: 'judge_exit' }]);
  });
});

describe('an assignee that is out', () => {
  const outage = { assignee: 'build', why: 'it failed on 3 tasks (crashed, 1)', probeInMs: 0 };
  const freeByAssignee = new Map([['build', 1]]);

  it('is probed with the task that failed longest ago, whatever the priorities', () => {
    const ready = [
      aReadyTask('T-1', { priority: 9, suspicion: 3 }),
      aReadyTask('T-2', { suspicion: 1 }),
      aReadyTask('T-3', { suspicion: 2 }),
    ];
    const { actions } = plan(aView({ ready, outages: [outage], freeByAssignee }), policy);
    expect(actions).toMatchObject([{ do: 'claim', taskId: 'T-2' }]);
  });

  it('is waited for with the reason, as long as it takes to the next probe', () => {
    const outages = [{ ...outage, probeInMs: 7_000 }];
    const { waits, lookAgainInMs } = plan(aView({ outages }), policy);
    expect(waits).toEqual([
      { do: 'wait', subject: 'build', until: `build is tried again: ${outage.why}`, forMs: 7_000 },
    ]);
    expect(lookAgainInMs).toBe(7_000);
  });
});

it('of two tasks of a priority, the one that has not failed goes first', () => {
  const ready = [aReadyTask('T-1', { suspicion: 1 }), aReadyTask('T-2')];
  const { actions } = plan(aView({ ready, freeSlots: 1 }), policy);
  expect(actions).toMatchObject([{ do: 'claim', taskId: 'T-2' }]);
});
