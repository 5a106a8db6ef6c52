/** The house rules, kept by this house. */
import { expect, test } from 'vitest';
import { describeFinding, tidy } from '../../tools/tidy.ts';
import { house } from './checkout.ts';

test('the house is tidy', () => {
  expect(tidy(house).map(describeFinding)).toEqual([]);
});
