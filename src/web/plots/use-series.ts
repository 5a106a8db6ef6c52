/** The series of the range that was chosen, up to now. */
import { useMemo } from 'react';
import type { Span } from '../../gantt/view.mjs';
import { livesOf, type PictureDocument } from '../api/picture-document.ts';
import { useParts } from '../shell/page-context.ts';
import { useNow } from '../shell/use-board.ts';
import { livesUpTo, wholeOf } from '../state/lives.ts';
import { type CapChange, plotSeries } from '../state/plot-series.ts';
import { useChosen } from '../timeline/use-data.ts';

/** How many slices a range has. */
export const slices = 80;
const clockMs = 2_000;

/**
 * The range, so many ms back from now (0: everything) unless one was chosen, and its series: of the
 * tasks that the filters leave.
 */
export function useSeries(picture: PictureDocument, backMs: number, chosen: Span | undefined) {
  const { canWrite } = useParts();
  const clock = useNow(clockMs);
  const nowMs = canWrite ? Math.max(clock, picture.nowMs) : picture.nowMs;
  const drawn = useMemo(() => ({ lives: livesOf(picture), caps: capsOf(picture) }), [picture]);
  const wanted = useChosen(drawn.lives);
  return useMemo(() => {
    const lives = livesUpTo(wanted, nowMs);
    const back = { fromAtMs: nowMs - backMs, toAtMs: nowMs };
    const range = chosen ?? (backMs > 0 ? back : wholeOf(lives, nowMs));
    return { range, series: plotSeries({ caps: drawn.caps, lives }, range, slices) };
  }, [drawn, wanted, nowMs, backMs, chosen]);
}

const comings: ReadonlySet<string> = new Set(['DispatcherStarted', 'DispatcherStopped']);

/** Dispatchers that come, go or act by another policy, and how many workers each lets run. */
function capsOf({ marks }: PictureDocument): readonly CapChange[] {
  return marks.flatMap(({ type, atMs, actor, data }) => {
    // An operator's word about the policy is no dispatcher's.
    const isOfDispatcher = type === 'PolicyChanged' ? 'dispatcher' in data : comings.has(type);
    if (!isOfDispatcher) return [];
    const maxRunning =
      'policy' in data ? ((data.policy as { maxRunning?: number }).maxRunning ?? 0) : 0;
    return [{ atMs, dispatcherId: actor.id, maxRunning }];
  });
}
