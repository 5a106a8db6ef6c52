/** Choosing everything that the filter asks for, counted by the server before anything is done. */
import { useCallback, useMemo } from 'react';
import { isFiltering, serverFilterOf } from '../state/filter.ts';
import { counted } from '../state/words.ts';
import { useLooking, useParts } from './page-context.ts';
import { useSelection } from './selection.ts';

/** Chooses all that match; undefined where the server cannot be asked for just these. */
export function useChooseMatching(): (() => Promise<void>) | undefined {
  const { deeds, notices } = useParts();
  const { choose } = useSelection();
  const { filter } = useLooking().address;
  const choosing = useCallback(
    async (wanted: object) => {
      const answer = await deeds.matching(wanted);
      if (!answer.ok) return notices.complain(answer.problem.detail, answer.problem.hint);
      const { results } = answer.value;
      choose(results.map(({ id }) => id));
      const verb = results.length === 1 ? 'matches' : 'match';
      notices.say(`${counted(results.length, 'task')} ${verb}; nothing was done to them yet.`);
    },
    [deeds, notices, choose],
  );
  return useMemo(() => {
    const wanted = isFiltering(filter) ? serverFilterOf(filter) : undefined;
    return wanted && (() => choosing(wanted));
  }, [filter, choosing]);
}
