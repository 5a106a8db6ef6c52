/**
 * Tables are a function of the log: an accepted history comes out the same whether it was folded as
 * it happened, in pages of any size, across restarts, or all at once; and it breaks no invariant.
 * A failure prints its seed; `LOGBOARD_TEST_SEED=<seed>` in front of vitest tells it again.
 */
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTables } from '../../projections/fold.ts';
import { openTables } from '../../projections/tables.ts';
import type { Recorded } from '../../src/domain/catalogue.ts';
import { dump } from '../kit/projection-given.ts';
import { chosenSeed } from '../kit/seed.ts';
import { anyHistory } from './any-history.ts';

const timeout = 120_000;
const pageSizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 8 });

test('any history comes out the same, however it is cut', { timeout }, async () => {
  const property = fc.asyncProperty(anyHistory(), pageSizes, async (history, sizes) => {
    const events = await history();
    const whole = folded(events, [events.length]);
    expect(whole.queries.brokenInvariants()).toEqual([]);
    expect(folded(events, [1]).rows).toEqual(whole.rows);
    expect(folded(events, sizes).rows).toEqual(whole.rows);
  });
  await fc.assert(property, { ...chosenSeed, numRuns: 60 });
});

/** Folds a history in pages of these sizes, again and again, each page after a restart. */
function folded(events: readonly Recorded[], sizes: readonly number[]) {
  const db = new Database(':memory:');
  createTables(db, 'epoch-1');
  const at = (position: number) => ({ position, epoch: 'epoch-1', hash: `hash-${position}` });
  let from = 0;
  for (let page = 0; from < events.length; page += 1) {
    const part = events.slice(from, from + (sizes[page % sizes.length] ?? 1));
    openTables(db).apply({ from: at(from), events: part, to: at(from + part.length) });
    from += part.length;
  }
  return { rows: dump(db), queries: openTables(db).queries };
}
