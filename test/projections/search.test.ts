/** Texts are found again, and what people type is only ever words. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { comment, onRun, onTask } from '../kit/a-history.ts';
import { endings, opened } from '../kit/a-run.ts';
import { completed, created, otherRunId, taskId, tombstoned } from '../kit/a-task.ts';
import { questionsAbout } from '../kit/projection-given.ts';

const otherId = 'T-0000000002';
const brushId = 'T-0000000003';
const found = (queries: ReturnType<typeof questionsAbout>, text: string) =>
  queries.search(text, { limit: 10 }).map((hit) => hit.taskId);

describe('a word is found', () => {
  const queries = questionsAbout(
    onTask(created({ title: 'Paint the hull', body: 'Two coats of Bleu Ciel.' })),
    onTask(created({ title: 'Splice the mainbrace' }), otherId),
    comment('Use the small brush', otherId),
    onTask(created({ title: 'Buy a brush' }), brushId),
    onRun(opened({ taskId: otherId })),
    onRun(endings.RunBlocked),
    onRun(opened({ attempt: 2 }), otherRunId),
    onTask(completed),
  );

  test.each([
    ['in a title', 'hull', [taskId]],
    ['in a body', 'bleu', [taskId]],
    ['in a comment', 'small', [otherId]],
    ['in what a task handed on', 'coats', [taskId]],
    ['in why a run ended', 'colour', [otherId]],
    ['by how it begins', 'main', [otherId]],
    ['whatever its capitals and accents', 'CIÉL', [taskId]],
    ['only together with the others', 'hull mainbrace', []],
  ])('%s', (_where, text, expected) => {
    expect(found(queries, text)).toEqual(expected);
  });

  test('and shown where it stands', () => {
    const [hit] = queries.search('small', { limit: 1 });
    expect(hit?.snippet()).toBe('Use the «small» brush');
  });

  test('in a title before it is found in a long text', () => {
    expect(found(queries, 'brush')).toEqual([brushId, otherId]);
  });

  test('the oldest first where all fit as well', () => {
    const titled = [onTask(created(), otherId), onTask(created()), onTask(created(), brushId)];
    expect(found(questionsAbout(...titled), 'hull')).toEqual([otherId, taskId, brushId]);
  });

  test('as often as the limit allows', () => {
    expect(queries.search('the', { limit: 1 })).toHaveLength(1);
  });
});

test('a title that was changed is found under its new words only', () => {
  const data = { changes: { title: 'Scrape the keel' } };
  const queries = questionsAbout(onTask(created()), onTask({ type: 'TaskEdited', data }));
  expect(found(queries, 'keel')).toEqual([taskId]);
  expect(found(queries, 'hull')).toEqual([]);
});

test('a tombstoned task is not found', () => {
  expect(found(questionsAbout(onTask(created()), onTask(tombstoned)), 'hull')).toEqual([]);
});

test('what was found is what is marked', () => {
  const word = fc.constantFrom(
    'Ciel',
    'cïel',
    'CIÉLO',
    'straße',
    'x1',
    'Ωmega',
    '日本',
    'a_b',
    'e\u0301t',
  );
  const gap = fc.constantFrom(' ', ', ', '\n', '-', '/');
  const text = fc.array(fc.tuple(word, gap), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(text, word, fc.nat(4), (pieces, wanted, length) => {
      const body = pieces.flat().join('');
      const queries = questionsAbout(onTask(created({ title: '.', body })));
      const [hit] = queries.search(wanted.slice(0, length + 1), { limit: 1 });
      if (hit === undefined) return;
      expect(hit.snippet()).toContain('«');
    }),
  );
});

// With the square of the matches, this would take longer than the limit.
test('a word that a long text has by the thousand is shown', { timeout: 20_000 }, () => {
  const body = 'An error is here and even more. '.repeat(32_000);
  const queries = questionsAbout(onTask(created({ body })));
  const [hit] = queries.search('e', { limit: 1 });
  expect(hit?.snippet()).toMatch(/^An «error» is here/);
});

test('nothing that is typed is an operator or an error', () => {
  const queries = questionsAbout(onTask(created()));
  const nasty = ['"', '""', '*', 'a*b', 'NEAR(a b)', 'AND', 'title:x', '-', '^', '{a}', '(', '\0'];
  for (const text of [...nasty, "'; DROP TABLE tasks; --", 'x '.repeat(1_000)]) {
    expect(found(queries, text), text).toEqual([]);
  }
  const anything = fc.string({ unit: 'binary', maxLength: 30 });
  fc.assert(
    fc.property(anything, (text) => {
      queries.search(text, { limit: 1 });
    }),
  );
  expect(found(queries, 'hull')).toEqual([taskId]);
});
