/** The boards of this machine: read when the page opens, and whenever somebody looks again. */
import { useCallback, useEffect, useState } from 'react';
import type { KnownBoard } from '../api/known-board.ts';
import { useParts } from './page-context.ts';

/** The boards, this one among them; none before they were read, or for whoever may not know. */
export function useKnownBoards(): {
  readonly boards: readonly KnownBoard[];
  readonly again: () => void;
} {
  const { knownBoards } = useParts();
  const [boards, setBoards] = useState<readonly KnownBoard[]>([]);
  const again = useCallback(() => void knownBoards().then(setBoards), [knownBoards]);
  useEffect(again, [again]);
  return { boards, again };
}
