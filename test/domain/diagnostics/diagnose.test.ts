/** All rules together: order, names, and what holds for every finding. */
import { expect, test } from 'vitest';
import {
  diagnose,
  findingKinds,
  rules,
  type TaskFinding,
} from '../../../src/domain/diagnostics/diagnose.ts';
import { severities } from '../../../src/domain/diagnostics/finding.ts';
import { claimed, created, failed, storyOf } from '../../kit/a-task.ts';
import { aSubject, attemptsThat, calm, hour, nowMs } from './a-subject.ts';

test('of a task with which all is well, nothing is said', () => {
  for (const story of Object.values(storyOf).filter(([, , last]) => last?.type !== 'TaskHalted')) {
    const holder = { endedAtMs: null, leaseUntilMs: nowMs };
    expect(diagnose(aSubject(story, { holder, becameReadyAtMs: nowMs }), calm)).toEqual([]);
  }
});

test('the worst is said first', () => {
  const story = [
    created({ assignee: 'painter', maxRetries: 9 }),
    claimed(),
    failed({ failures: 4 }),
  ];
  const releasedAtMs = [1, 2, 3].map((hours) => nowMs - hours * hour);
  const subject = aSubject(story, {
    releasedAtMs,
    attempts: attemptsThat('crashed', 'crashed'),
    becameReadyAtMs: nowMs - hour,
    lane: { assignee: 'painter', lastClaimAtMs: nowMs - hour, isServed: true, meant: null },
  });
  const found = diagnose(subject, calm).map(({ kind, severity }) => [kind, severity]);
  expect(found).toEqual([
    ['repeated_failures', 'critical'],
    ['stranded_in_ready', 'error'],
    ['block_unblock_cycling', 'warning'],
  ]);
});

test('every kind declares severities in their order', () => {
  for (const kind of findingKinds) {
    const declared = severities.filter((each) =>
      rules[kind].severities.some((one) => one === each),
    );
    expect(rules[kind].severities).toEqual(declared);
  }
});

test('every finding suggests exactly one command, and all of them are ours', () => {
  const story = [created({ assignee: 'painter', maxRetries: 9 }), failed({ failures: 2 })];
  const findings: readonly TaskFinding[] = diagnose(aSubject(story), calm);
  expect(findings.length).toBeGreaterThan(0);
  for (const { actions } of findings) {
    expect(actions.filter(({ suggested }) => suggested)).toHaveLength(1);
    for (const { command } of actions) expect(command).toMatch(/^logboard [a-z]+/);
  }
});
