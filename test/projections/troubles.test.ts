/** What is remembered of tasks because somebody may have to look at them, and who finds them. */
import { describe, expect, test } from 'vitest';
import type { SuspectBounds } from '../../projections/index.ts';
import type { FindingKind } from '../../src/domain/diagnostics/diagnose.ts';
import type { RunEvent } from '../../src/domain/run/events.ts';
import { type Line, lineAtMs, onRun, onTask, recorded } from '../kit/a-history.ts';
import { opened } from '../kit/a-run.ts';
import {
  archived,
  blocked,
  claimed,
  completed,
  created,
  failed,
  halted,
  inReview,
  otherRunId,
  parentId,
  runId,
  taskId,
} from '../kit/a-task.ts';
import { given, questionsAbout } from '../kit/projection-given.ts';

const unblocked = onTask({ type: 'TaskUnblocked', data: {} });
const restored = onTask({ type: 'TaskRestored', data: {} });
const heartbeats = { count: 0, maxGapMs: 0 };
const crash: RunEvent = {
  type: 'RunCrashed',
  data: { heartbeats, evidence: {}, error: 'boom', exitCode: 1 },
};
const release: RunEvent = { type: 'RunReleased', data: { heartbeats } };

/** An attempt that ended like this. */
function attempt(id: string, ending: RunEvent, kind: 'worker' | 'record' = 'worker'): Line[] {
  return [onRun(opened({ kind }), id), onRun(ending, id)];
}

describe('a task that is stopped', () => {
  test.each([
    ['blocked', [onTask(created()), onTask(blocked)], lineAtMs(2)],
    ['halted', [onTask(created()), onTask(claimed()), onTask(halted)], lineAtMs(3)],
    ['in triage', [onTask(created({ triage: true }))], lineAtMs(1)],
    ['blocked from the start', [onTask(created({ initialBlock: 'wait' }))], lineAtMs(1)],
  ])('remembers since when: %s', (_what, story, atMs) => {
    given()
      .when(...story)
      .then({ troubles: [{ task_id: taskId, stopped_at_ms: atMs }] });
  });

  test('does not become younger by an edit', () => {
    const edit = onTask({ type: 'TaskEdited', data: { changes: { title: 'Paint it' } } });
    given(onTask(created()), onTask(blocked))
      .when(edit)
      .then({ troubles: [{ stopped_at_ms: lineAtMs(2) }] });
  });

  test('is stopped anew when it comes back from the archive', () => {
    given(onTask(created()), onTask(blocked), onTask(archived))
      .when(restored)
      .then({ troubles: [{ stopped_at_ms: lineAtMs(4) }] });
  });

  test('remembers nothing in the archive, and nothing when it goes on', () => {
    given(onTask(created()), onTask(blocked)).when(onTask(archived)).then({ troubles: [] });
    const specified = onTask({ type: 'TaskSpecified', data: { changes: {} } });
    given(onTask(created({ triage: true })))
      .when(specified)
      .then({ troubles: [] });
  });
});

describe('releases', () => {
  const cycle = [onTask(blocked), unblocked];

  test('are remembered, and the third last is what makes a cycle', () => {
    given(onTask(created()), ...cycle)
      .when(...cycle)
      .then({
        troubles: [{ released_at_ms: `[${lineAtMs(3)},${lineAtMs(5)}]`, cycling_at_ms: null }],
      });
    given(onTask(created()), ...cycle, ...cycle, ...cycle)
      .when(...cycle)
      .then({ troubles: [{ cycling_at_ms: lineAtMs(5), stopped_at_ms: null }] });
  });

  test('count whoever resumes a halted task, too', () => {
    given(onTask(created()), onTask(halted))
      .when(onTask({ type: 'TaskResumed', data: {} }))
      .then({ troubles: [{ released_at_ms: `[${lineAtMs(3)}]` }] });
  });

  test('are kept to the last twenty', () => {
    const cycles = Array.from({ length: 25 }, () => cycle).flat();
    const row = questionsAbout(onTask(created()), ...cycles).trouble(taskId);
    expect(row?.releasedAtMs).toHaveLength(20);
    expect(row?.releasedAtMs.at(-1)).toBe(lineAtMs(51));
  });

  test('are forgotten when the task is done', () => {
    given(onTask(created()), ...cycle)
      .when(onTask(completed))
      .then({ troubles: [] });
  });
});

describe('crashes in a row', () => {
  test('are counted', () => {
    given(onTask(created()), ...attempt(runId, crash))
      .when(...attempt(otherRunId, crash))
      .then({ troubles: [{ crashes: 2 }] });
  });

  test('are over with an attempt that ended otherwise', () => {
    given(onTask(created()), ...attempt(runId, crash))
      .when(...attempt(otherRunId, release))
      .then({ troubles: [] });
  });

  test('are not touched by a run that only keeps a record', () => {
    given(onTask(created()), ...attempt(runId, crash))
      .when(...attempt(otherRunId, release, 'record'))
      .then({ troubles: [{ crashes: 1 }] });
  });

  test('are over when the task is done, and kept in the archive for its return', () => {
    const story = [onTask(created()), ...attempt(runId, crash)];
    given(...story)
      .when(onTask(completed))
      .then({ troubles: [] });
    given(...story)
      .when(onTask(archived))
      .then({ troubles: [{ crashes: 1, is_shelved: 1 }] });
  });
});

describe('tasks that a hand-off names', () => {
  const [known, unknown] = [parentId, 'T-0000000009'];
  const done = (summary: string) => onTask({ type: 'TaskCompleted', data: { runId, summary } });
  const both = [onTask(created(), known), onTask(created())];

  test('are remembered if they do not exist', () => {
    given(...both)
      .when(done(`${known}, ${unknown}, ${taskId}`))
      .then({ troubles: [{ phantoms: `["${unknown}"]` }] });
    given(...both)
      .when(done(`see ${known}`))
      .then({ troubles: [] });
  });

  test('did exist if they were made a moment before', () => {
    given(onTask(created())).when(onTask(created(), known), done(known)).then({ troubles: [] });
  });

  test('are looked for in work under review, and again when the hand-off is edited', () => {
    const review = onTask({ ...inReview, data: { ...inReview.data, result: unknown } });
    const edit = (changes: object) => onTask({ type: 'TaskEdited', data: { changes } });
    given(...both)
      .when(review)
      .then({ troubles: [{ phantoms: `["${unknown}"]` }] });
    given(...both, review)
      .when(edit({ title: 'Paint' }))
      .then({ troubles: [{ phantoms: `["${unknown}"]` }] });
    given(...both, review)
      .when(edit({ result: known }))
      .then({ troubles: [] });
  });
});

describe('the suspects of a rule', () => {
  /** Everything that ever happened is long ago, and every count high enough. */
  const bounds: SuspectBounds = {
    nowMs: lineAtMs(1_000),
    readySinceMs: lineAtMs(900),
    quietSinceMs: lineAtMs(900),
    unsettledSinceMs: lineAtMs(900),
    cyclesAfterMs: 0,
    refusedAfterMs: 0,
    failures: 1,
    crashes: 1,
    refusals: 1,
    lostAssignees: ['painter'],
    skilled: [{ assignee: 'painter', skills: ['brush'] }],
    limit: 10,
  };
  const fine = onTask(created());
  const child = 'T-00000000C1';
  const behind = (...story: readonly Line[]) => [
    onTask(created(), parentId),
    onTask(created({ parents: [parentId] })),
    ...story,
  ];
  const asking = created({ assignee: 'painter', skills: ['brush', 'welding'] });
  const phantom = onTask({ type: 'TaskCompleted', data: { summary: 'T-0000000009' } });
  const refusal = {
    stream: `refused-${taskId}`,
    event: { type: 'RefusalsSummarized', data: { runId, countedFrom: 21 } },
    by: { kind: 'worker', id: runId },
    surface: 'sdk',
  } as const;
  const running = [onTask(created()), onTask(claimed()), onRun(opened({ ttlMs: 1 }))];

  const rows: readonly (readonly [FindingKind, readonly Line[], readonly Line[]])[] = [
    ['stale_running_claim', running, [onRun(opened({ ttlMs: 1e9 }), runId)]],
    ['halted_by_breaker', [fine, onTask(halted)], [fine]],
    ['repeated_failures', [fine, onTask(failed())], [fine, onTask(failed()), onTask(completed)]],
    ['repeated_crashes', [fine, ...attempt(runId, crash)], [fine, ...attempt(runId, release)]],
    ['stranded_in_ready', [fine], [fine, onTask(claimed())]],
    ['assignee_not_found', [onTask(asking)], [onTask(asking), onTask(completed)]],
    ['invalid_task_skills', [onTask(asking)], [onTask(created({ assignee: 'painter' }))]],
    ['parent_never_done', behind(onTask(archived, parentId)), behind()],
    ['parent_never_done', behind(onTask(blocked, parentId)), behind(onTask(completed, parentId))],
    ['parent_never_done', behind(onTask(halted, parentId)), behind(onTask(archived))],
    ['stuck_in_blocked', [fine, onTask(blocked)], [fine, onTask(blocked), onTask(archived)]],
    ['triage_unattended', [onTask(created({ triage: true }))], [fine, onTask(blocked)]],
    [
      'block_unblock_cycling',
      [fine, ...Array.from({ length: 3 }, () => [onTask(blocked), unblocked]).flat()],
      [fine, onTask(blocked), unblocked],
    ],
    ['refused_writes', [fine, refusal], [fine]],
    ['phantom_task_reference', [fine, phantom], [fine, phantom, onTask(archived)]],
  ];

  test.each(rows)('%s', (kind, guilty, innocent) => {
    expect(questionsAbout(...guilty).suspects(kind, bounds)).toEqual([taskId]);
    expect(questionsAbout(...innocent).suspects(kind, bounds)).toEqual([]);
  });

  test('are as many as wanted, those that stand longest first', () => {
    const queries = questionsAbout(fine, onTask(created(), child), onTask(created(), parentId));
    const ask = (limit: number) => queries.suspects('stranded_in_ready', { ...bounds, limit });
    expect(ask(10)).toEqual([taskId, child, parentId]);
    expect(ask(2)).toEqual([taskId, child]);
  });

  test('of silence are none of whom somebody spoke', () => {
    const later = lineAtMs(950);
    const word = { type: 'CommentAdded', data: { body: 'soon', author: 'ada' } } as const;
    const comment = { ...fine, stream: `note-${taskId}`, event: word, atMs: later };
    const story = [fine, onTask(blocked), comment];
    expect(recorded(story).at(-1)?.meta.at).toBe(later);
    expect(questionsAbout(...story).suspects('stuck_in_blocked', bounds)).toEqual([]);
  });
});
