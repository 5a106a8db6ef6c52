/** Changes of what a task says, made on the revision that is on the screen. */
import { useCallback } from 'react';
import type { Answer } from '../api/client.ts';
import type { Deeds } from '../api/deeds.ts';
import type { TaskDocument } from '../api/task-document.ts';
import { useParts } from '../shell/page-context.ts';
import { useComplaint } from '../shell/use-deeds.ts';

/** Makes a change; says what was refused, and answers whether it was made. */
export function useEdit(task: TaskDocument): (changes: object) => Promise<boolean> {
  const change = useChange(task);
  return useCallback(
    (changes) => change((deeds, revision) => deeds.edit(task.id, changes, revision)),
    [change, task.id],
  );
}

/** The same for any deed on the task. */
export function useChange({
  version,
}: TaskDocument): (
  deed: (deeds: Deeds, revision: number) => Promise<Answer<unknown>>,
) => Promise<boolean> {
  const { deeds, live } = useParts();
  const complain = useComplaint();
  return useCallback(
    async (deed) => {
      const answer = await deed(deeds, version);
      if (answer.ok) await live.reached(answer.position);
      else complain(answer.problem);
      return answer.ok;
    },
    [deeds, live, complain, version],
  );
}
