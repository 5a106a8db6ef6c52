/** The set of event ids says of every id, of whatever form, whether it was there before. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createIdSet } from '../../src/app/id-set.ts';

const anId = fc.oneof(
  fc.uuid(),
  fc.uuid().map((id) => id.toUpperCase()),
  fc.constantFrom('', 'e-1', '00000000-0000-0000-0000-000000000000', `${'a'.repeat(36)}`),
  fc.string({ maxLength: 36 }),
);

it('an id is new once, as in any set', () => {
  fc.assert(
    fc.property(fc.array(anId, { maxLength: 60 }), (ids) => {
      const [set, known] = [createIdSet(), new Set<string>()];
      for (const id of [...ids, ...ids]) {
        expect(set.add(id)).toBe(!known.has(id));
        known.add(id);
      }
    }),
  );
});

it('a hundred thousand ids stay apart, also those that differ at one end only', () => {
  const set = createIdSet();
  const hex = (n: number) => n.toString(16).padStart(12, '0');
  const idOf = (n: number) =>
    n % 2 === 0
      ? `01970000-0000-7000-8000-${hex(n)}`
      : `${hex(n).slice(4)}-0000-4000-8000-000000000000`;
  const numbers = Array.from({ length: 100_000 }, (_, index) => index + 1);
  expect(numbers.filter((n) => !set.add(idOf(n)))).toEqual([]);
  expect(numbers.filter((n) => set.add(idOf(n)))).toEqual([]);
});
