/** Tasks that a hand-off names: which ids are found, and what is said about those of nobody. */
import { describe, expect, test } from 'vitest';
import { phantomTaskReference, taskIdsIn } from '../../../src/domain/diagnostics/hand-off.ts';
import { completed, created, storyOf, taskId } from '../../kit/a-task.ts';
import { aSubject, expectSeverity, suggestionOf } from './a-subject.ts';

const phantom = 'T-0000000009';

describe('the ids in a hand-off', () => {
  test('are found in all of its texts, each once', () => {
    const handOff = {
      summary: `made ${phantom}, and (${taskId})`,
      result: `${phantom}.`,
      metadata: { cards: ['T-0000000008', taskId] },
    };
    expect(taskIdsIn(handOff)).toEqual([phantom, taskId, 'T-0000000008']);
  });

  test.each([
    ['no hand-off', null],
    ['no text', {}],
    ['a longer word', { summary: `${phantom}9 X${phantom} a-${phantom}-b` }],
    ['letters that no id has', { summary: 'T-000000000U T-00000' }],
  ])('are none in %s', (_what, handOff) => {
    expect(taskIdsIn(handOff)).toEqual([]);
  });
});

describe('a task that does not exist, in a hand-off', () => {
  test('is a warning while the hand-off stands', () => {
    const phantoms = [phantom];
    expectSeverity(phantomTaskReference(aSubject(storyOf.done, { phantoms })), 'warning');
    expectSeverity(phantomTaskReference(aSubject(storyOf.review, { phantoms })), 'warning');
    const reopened = [created(), completed, { type: 'TaskReopened', data: {} } as const];
    expectSeverity(phantomTaskReference(aSubject(reopened, { phantoms })), null);
    expectSeverity(phantomTaskReference(aSubject(storyOf.done)), null);
  });

  test('is named, and the work sent back by whoever decides', () => {
    const done = phantomTaskReference(aSubject(storyOf.done, { phantoms: [phantom] }));
    expect(done).toMatchObject({ count: 1, evidence: { phantoms: [phantom] } });
    expect(suggestionOf(done)).toMatch(/^logboard reopen /);
    const inReview = phantomTaskReference(aSubject(storyOf.review, { phantoms: [phantom] }));
    expect(suggestionOf(inReview)).toMatch(/^logboard review \S+ --reject .*T-0000000009$/);
  });
});
