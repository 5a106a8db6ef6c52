/** What was written about a seed must stay true, so a seed never draws other numbers. */
import { expect, it } from 'vitest';
import { createChance } from '../../tools/trial/chance.ts';

it('draws what it always drew', () => {
  const chance = createChance('seed 42');
  expect([chance.float(), chance.float()]).toEqual([0.22177449194714427, 0.7485419241711497]);
  expect(chance.between(10, 20)).toBe(11.172374722082168);
  expect([chance.whole(1, 6), chance.happens(0.5)]).toEqual([4, false]);
  expect(chance.pick(['a', 'b', 'c'])).toBe('a');
  expect(chance.weighted({ often: 50, seldom: 5, sometimes: 45 })).toBe('often');
  expect(chance.fork('traits').whole(0, 9_999)).toBe(312);
});
