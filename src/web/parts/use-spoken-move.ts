/** Moves that first ask for the words they need. */
import { useCallback } from 'react';
import type { MoveName } from '../../domain/task/moves.ts';
import { useParts } from '../shell/page-context.ts';
import { useMove } from '../shell/use-deeds.ts';
import { moveLooks } from '../state/moves.ts';
import { useAskWords } from './ask-words.tsx';

/** Does a deed to a task, on the revision that is on the screen; asks for words where it must. */
export function useSpokenMove(): (name: MoveName, taskId: string) => Promise<void> {
  const { live } = useParts();
  const ask = useAskWords();
  const move = useMove();
  return useCallback(
    async (name, taskId) => {
      const { label, says, isGrave = false } = moveLooks[name];
      const record = live.fold().tasks.get(taskId);
      const revision = record?.version;
      const title = record?.task.title ?? taskId;
      const force = name === 'promote' && (record?.openParents ?? 0) > 0;
      let text: string | undefined;
      if (says !== undefined || isGrave || force) {
        const question = {
          title: `${label}: ${title}`,
          ...(says && { label: says.what === 'reason' ? 'Reason' : 'Summary (may stay empty)' }),
          ...(force && {
            title: `${title} waits for parents that are not done. Start it anyway?`,
          }),
          isNeeded: says?.isNeeded ?? false,
          confirm: label,
          isGrave,
        };
        text = await ask(question);
        if (text === undefined) return;
      }
      await move(name, taskId, { text, revision, force });
    },
    [ask, live, move],
  );
}
