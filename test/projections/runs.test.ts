/** What `runs` says about an attempt, from its opening to its one ending. */
import { describe, expect, test } from 'vitest';
import { lastSignAtMs } from '../../src/domain/run/state.ts';
import { lineAtMs, onRun, onTask } from '../kit/a-history.ts';
import { beat, endings, opened, spawned, started } from '../kit/a-run.ts';
import { claimed, created, otherRunId, runId, taskId } from '../kit/a-task.ts';
import { given, questionsAbout } from '../kit/projection-given.ts';

const open = onRun(opened({ assignee: 'painter', host: 'quay' }));

describe('an open run', () => {
  test('belongs to its task from the moment it is opened', () => {
    given()
      .when(open)
      .then({
        runs: [
          {
            seq: 1,
            run_id: runId,
            task_id: taskId,
            attempt: 1,
            assignee: 'painter',
            opened_at_ms: lineAtMs(1),
            outcome: null,
            version: 0,
            position: 1,
          },
        ],
      });
  });

  test('knows its process once that is known, and when the worker was let through', () => {
    const queries = questionsAbout(open, onRun(spawned), onRun(started));
    expect(queries.run(runId)).toMatchObject({
      process: spawned.data,
      spawnedAtMs: lineAtMs(2),
      startedAtMs: lineAtMs(3),
      version: 2,
    });
  });

  test('counts its beats, and keeps the last note and progress', () => {
    const queries = questionsAbout(
      open,
      onRun(beat({ note: 'sanding', progress: 0.5 })),
      onRun(beat({ coalesced: 2 })),
    );
    const run = queries.run(runId);
    expect(run).toMatchObject({ note: 'sanding', progress: 0.5, progressAtMs: lineAtMs(2) });
    expect(run?.beats).toMatchObject({ count: 4, lastAt: lineAtMs(3) });
    expect(run && lastSignAtMs(run)).toBe(lineAtMs(3));
  });

  test('adds up what it used', () => {
    const used = { inputTokens: 10, costUsd: 0.25 };
    given(open, onRun({ type: 'UsageRecorded', data: used }))
      .when(onRun({ type: 'UsageRecorded', data: { ...used, outputTokens: 7 } }))
      .then({ runs: [{ input_tokens: 20, output_tokens: 7, cost_usd: 0.5 }] });
  });

  test('that used more than can be counted has used as much as can be', () => {
    const tokens = Number.MAX_SAFE_INTEGER;
    const data = { inputTokens: tokens, outputTokens: tokens, costUsd: Number.MAX_VALUE };
    const uses = Array.from({ length: 1_100 }, () => onRun({ type: 'UsageRecorded', data }));
    const queries = questionsAbout(open, ...uses, onRun(beat({ note: 'sanding' })));
    expect(queries.run(runId)).toMatchObject({ ...data, note: 'sanding' });
  });

  test('has the lease its task was last given', () => {
    const data = { runId, ttlMs: 60_000, reason: 'it is alive', evidence: {} };
    given(onTask(created()), onTask(claimed()), open)
      .when(onTask({ type: 'LeaseExtended', data }))
      .then({ runs: [{ lease_ttl_ms: 60_000, lease_extended_at_ms: lineAtMs(4), version: 0 }] });
  });

  test('is nothing to extend the lease of while it is only claimed', () => {
    const data = { runId, ttlMs: 60_000, reason: 'it is alive', evidence: {} };
    given(onTask(created()), onTask(claimed()))
      .when(onTask({ type: 'LeaseExtended', data }))
      .then({ runs: [] });
  });

  test('takes no life from the attempt before it', () => {
    const next = onRun(opened({ attempt: 2 }), otherRunId);
    const data = { ...endings.RunCrashed.data, heartbeats: { count: 1, maxGapMs: 0 } };
    const crash = onRun({ ...endings.RunCrashed, data });
    const queries = questionsAbout(open, onRun(beat()), crash, next);
    expect(queries.runs(taskId).map(({ attempt, beats }) => [attempt, beats.count])).toEqual([
      [1, 1],
      [2, 0],
    ]);
  });
});

describe('a run that is over', () => {
  test.each(Object.values(endings))('says how: $type', (ending) => {
    const queries = given(open).when(onRun(ending)).then({});
    const run = queries.run(runId);
    expect(run?.outcome).not.toBeNull();
    expect(run?.ending).toEqual(ending.data);
    expect(run).toMatchObject({ endedAtMs: lineAtMs(2), endedBy: { kind: 'dispatcher' } });
    expect(queries.openRuns()).toEqual([]);
  });

  test('can be read from SQL without a program', () => {
    given(open, onRun(spawned))
      .when(onRun(endings.RunCompleted))
      .then({ runs: [{ ending: JSON.stringify(endings.RunCompleted.data) }] });
  });

  test('takes nothing more', () => {
    given(open, onRun(endings.RunCrashed)).when(onRun(beat())).thenStopped('ended before: crashed');
  });

  test('cannot end before it was opened', () => {
    given().when(onRun(endings.RunCrashed)).thenStopped('RunCrashed before RunOpened');
  });
});

describe('the runs that are open', () => {
  const queries = questionsAbout(
    open,
    onRun(opened({ host: 'mole' }), otherRunId),
    onRun(opened({ assignee: 'painter' }), 'R-000000000003'),
    onRun(endings.RunReleased, 'R-000000000003'),
  );

  test('can be asked for by host', () => {
    expect(queries.openRuns({ host: 'mole' }).map((run) => run.runId)).toEqual([otherRunId]);
    expect(queries.openRuns()).toHaveLength(2);
  });

  test('are counted, and by assignee', () => {
    expect(queries.openRunCount()).toBe(2);
    expect(queries.openRunCount({ assignee: 'painter' })).toBe(1);
    expect(queries.runningCounts()).toEqual({ painter: 1, '': 1 });
  });

  test('are not what an assignee did lately', () => {
    const recent = queries.recentRunsOfAssignee('painter', 5);
    expect(recent.map((run) => run.runId)).toEqual(['R-000000000003']);
    const results = recent.map(({ taskId, position }) => ({ taskId, summary: null, position }));
    expect(queries.recentResultsOfAssignee('painter', 5)).toEqual(results);
  });
});
