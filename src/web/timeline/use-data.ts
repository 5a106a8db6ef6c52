/** The picture as the chart draws it: up to now, in the rows that were chosen. */
import { useMemo } from 'react';
import type { Data } from '../../gantt/chart.mjs';
import { type Life, matching, type Row, taskRows, workerRows } from '../../gantt/rows.mjs';
import { livesOf, type PictureDocument, signOf } from '../api/picture-document.ts';
import { useCalm } from '../parts/use-calm.ts';
import { useLooking, useParts } from '../shell/page-context.ts';
import { useNow } from '../shell/use-board.ts';
import { groupedRows, idsWanted, lifeMatcher } from '../state/chosen-lives.ts';
import { livesUpTo, wholeOf } from '../state/lives.ts';
import { type Read, usePicture } from './use-picture.ts';

const clockMs = 1_000;
/** A filter that changes no more is asked for. */
const typingMs = 300;
/** So many ids fit into an address. */
const idsMax = 700;

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
    return { ...drawn, ...wholeOf(lives, nowMs), lives, nowMs };
  }, [drawn, nowMs]);
}

/** The rows that the filters leave, in their groups, and how many there are without the search. */
export function useRows(
  lives: readonly Life[],
  isByWorker: boolean,
): { readonly rows: readonly Row[]; readonly shown: number; readonly all: number } {
  const { live } = useParts();
  const { filter, grouping } = useLooking().address;
  return useMemo(() => {
    const { tasks } = live.fold();
    const wanted = lives.filter(lifeMatcher(filter, { tasks }));
    const rowsOf = isByWorker ? workerRows : taskRows;
    const rows = groupedRows(wanted, { grouping, tasks }, (group) =>
      matching(rowsOf(group), filter.words),
    );
    const shown = rows.filter(({ isHeading }) => isHeading !== true).length;
    return { rows, shown, all: rowsOf(wanted).length };
  }, [lives, isByWorker, live, filter, grouping]);
}

/** The picture of so many tasks at most: those that the filter is about, else the latest. */
export function useWantedPicture(most: number, range = ''): Read {
  return usePicture(`limit=${most}${usePictureIds(most)}${range}`);
}

function usePictureIds(most: number): string {
  const { live, nowMs } = useParts();
  const { filter } = useLooking().address;
  const calm = useCalm(filter, typingMs);
  return useMemo(() => {
    const ids = idsWanted(calm, live.fold(), { most: Math.min(most, idsMax), nowMs: nowMs() });
    return ids === undefined ? '' : `&tasks=${ids.join(',')}`;
  }, [calm, live, nowMs, most]);
}

/** The lives that the filters leave. */
export function useChosen(lives: readonly Life[]): readonly Life[] {
  const { live } = useParts();
  const { filter } = useLooking().address;
  return useMemo(() => {
    const wanted = lives.filter(lifeMatcher(filter, live.fold()));
    if (filter.words.trim() === '') return wanted;
    const found = new Set(matching(taskRows(wanted), filter.words).map(({ key }) => key));
    return wanted.filter(({ taskId }) => found.has(taskId));
  }, [lives, live, filter]);
}
