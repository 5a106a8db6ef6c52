/** Folds a long stretch of a log. */
import type { Codec } from '../src/log/codec.ts';
import { pageCharsMax, type StoredEvent } from '../src/log/event-log.ts';
import { charsOf } from '../src/log/until-full.ts';
import type { Fold } from './fold.ts';

/** Events folded before rows are written: the more, the fewer rows are written twice. */
const flushEvery = 10_000;

/**
 * Takes events one after the other, as they are: see `decodeUnchecked`. Rows are held in memory
 * until there are many, or their texts are long; the last ones until the caller flushes.
 */
export function foldInBulk({ fold, flush }: Fold, codec: Codec): (stored: StoredEvent) => void {
  let [events, chars] = [0, 0];

  return (stored) => {
    fold(codec.decodeUnchecked(stored));
    events += 1;
    chars += charsOf(stored);
    if (events < flushEvery && chars < pageCharsMax) return;
    flush();
    [events, chars] = [0, 0];
  };
}
