/** The picture as the chart draws it: up to now, in the rows that were chosen. */
import { useMemo } from 'react';
import type { Data } from '../../gantt/chart.mjs';
import { type Life, matching, type Row, taskRows, workerRows } from '../../gantt/rows.mjs';
import { livesOf, type PictureDocument, signOf } from '../api/picture-document.ts';
import { useLooking, useParts } from '../shell/page-context.ts';
import { useNow } from '../shell/use-board.ts';
import { livesUpTo } from '../state/lives.ts';

const clockMs = 1_000;

/** The picture as it is now: what is open goes on. */
export function useData(picture: PictureDocument): Data {
  const { canWrite } = useParts();
  const clock = useNow(clockMs);
  const nowMs = canWrite ? Math.max(clock, picture.nowMs) : picture.nowMs;
  const drawn = useMemo(() => {
    return { lives: livesOf(picture), signs: picture.marks.map((mark) => signOf(mark)) };
  }, [picture]);
  return useMemo(() => {
    const lives = livesUpTo(drawn.lives, nowMs);
    const bars = lives.flatMap((life) => life.bars);
    const isAtWork = bars.some(({ isOpen, runId }) => isOpen && runId !== null);
    const begun = bars.reduce((last, bar) => Math.max(last, bar.fromAtMs), picture.toAtMs);
    const toAtMs = isAtWork ? nowMs : Math.min(nowMs, begun);
    return { ...drawn, lives, nowMs, fromAtMs: picture.fromAtMs, toAtMs };
  }, [drawn, picture, nowMs]);
}

/** The rows that the filters leave, and how many there are without the search. */
export function useRows(
  lives: readonly Life[],
  isByWorker: boolean,
): { readonly rows: readonly Row[]; readonly all: number } {
  const { filter } = useLooking().address;
  return useMemo(() => {
    const wanted = lives.filter((life) => isWanted(life, filter.assignee));
    const all = isByWorker ? workerRows(wanted) : taskRows(wanted);
    return { rows: matching(all, filter.words), all: all.length };
  }, [lives, isByWorker, filter]);
}

/** Whether a task was ever somebody's. */
function isWanted({ bars }: Life, asked: string): boolean {
  if (asked === '') return true;
  return bars.some(({ assignee }) => (asked === '-' ? assignee === null : assignee === asked));
}
