/** A person looks at finished work. */
import { expect, it } from 'vitest';
import { storyOf } from '../../kit/a-task.ts';
import { givenTask as given, storyAtMs } from '../../kit/given.ts';

const verdicts = [
  { type: 'ApproveReview', reason: 'Fine.' },
  { type: 'RejectReview', reason: 'It drips.' },
] as const;

it('work that is approved is done', () => {
  const after = given(...storyOf.review)
    .when(verdicts[0])
    .then({ type: 'ReviewApproved', data: { reason: 'Fine.' } });
  expect(after).toMatchObject({
    standing: { status: 'done', doneAtMs: storyAtMs },
    handOff: { summary: 'Two coats.' },
  });
});

it('work that is rejected goes back to the queue with its hand-off', () => {
  const after = given(...storyOf.review)
    .when(verdicts[1])
    .then({ type: 'ReviewRejected', data: { reason: 'It drips.' } });
  expect(after).toMatchObject({
    standing: { status: 'queued' },
    handOff: { summary: 'Two coats.' },
  });
});

it.each(verdicts)('only work under review can be judged: $type', (verdict) => {
  for (const status of ['queued', 'running', 'done'] as const) {
    given(...storyOf[status])
      .when(verdict)
      .thenRefused('wrong_status', { status });
  }
});
