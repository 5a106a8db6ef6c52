/** Cards that were moved here before the server has said so: they stand where they are to go. */
import type { ColumnKey } from './columns.ts';

/** The moves under way. */
export interface PendingMoves {
  readonly moves: () => ReadonlyMap<string, ColumnKey>;
  subscribe(listener: () => void): () => void;
  /** Shows a card in a column until `settle`. */
  begin(taskId: string, column: ColumnKey): void;
  /** The server has answered: the card stands where its events say. */
  settle(taskId: string): void;
}

/** No moves under way. */
export function createPendingMoves(): PendingMoves {
  let moves: ReadonlyMap<string, ColumnKey> = new Map();
  const listeners = new Set<() => void>();

  function change(next: ReadonlyMap<string, ColumnKey>): void {
    moves = next;
    for (const listener of listeners) listener();
  }

  return {
    moves: () => moves,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    begin: (taskId, column) => change(new Map([...moves, [taskId, column]])),
    settle: (taskId) => change(new Map([...moves].filter(([id]) => id !== taskId))),
  };
}
