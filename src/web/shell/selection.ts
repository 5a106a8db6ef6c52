/** The cards that were chosen, to be changed together, and the one that has the focus. */
import { createContext, useCallback, useContext, useMemo, useState } from 'react';

/** The chosen cards. */
export interface Selection {
  readonly chosen: ReadonlySet<string>;
  readonly toggle: (taskId: string) => void;
  readonly choose: (taskIds: readonly string[]) => void;
  readonly clear: () => void;
}

const none: Selection = {
  chosen: new Set(),
  toggle: () => undefined,
  choose: () => undefined,
  clear: () => undefined,
};

/** Carries the selection. */
export const SelectionContext = createContext<Selection>(none);

/** The selection of the page. */
export function useSelection(): Selection {
  return useContext(SelectionContext);
}

/** A selection to hand down. */
export function useNewSelection(): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(none.chosen);
  const toggle = useCallback((taskId: string) => {
    setChosen((before) => {
      const after = new Set(before);
      if (!after.delete(taskId)) after.add(taskId);
      return after;
    });
  }, []);
  const choose = useCallback((taskIds: readonly string[]) => setChosen(new Set(taskIds)), []);
  const clear = useCallback(() => setChosen(none.chosen), []);
  return useMemo(() => ({ chosen, toggle, choose, clear }), [chosen, toggle, choose, clear]);
}
