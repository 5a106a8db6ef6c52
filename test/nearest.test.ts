/** What was probably meant. */
import { expect, test } from 'vitest';
import { didYouMean, nearest } from '../src/nearest.ts';

const statuses = ['triage', 'waiting', 'ready', 'running', 'done'];

test.each([
  ['redy', 'ready'],
  ['RUNING', 'running'],
  ['don', 'done'],
  ['waitng', 'waiting'],
])('%s was meant as %s', (word, meant) => {
  expect(nearest(word, statuses)).toBe(meant);
  expect(didYouMean(word, statuses)).toBe(`Did you mean ${meant}?`);
});

test('a word that is like none is answered with all of them', () => {
  expect(nearest('xylophone', statuses)).toBeUndefined();
  expect(didYouMean('xylophone', statuses)).toBe('Known: triage, waiting, ready, running, done.');
  expect(nearest('anything', [])).toBeUndefined();
});
