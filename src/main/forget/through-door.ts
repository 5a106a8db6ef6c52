/** Forgetting one task at a time, as the HTTP door asks for it. */
import type { Board } from '../../app/board.ts';
import type { Upkeep } from '../../cli/upkeep.ts';
import type { DoorParts } from '../../http/door-parts.ts';

/** Forgets tasks of an open board; upkeep is loaded when the first one is to go. */
export function forgetsFor(
  { board, directory }: { readonly board: Board; readonly directory: string },
  upkeep: () => Promise<Pick<Upkeep, 'forget'>>,
): DoorParts['forget'] {
  return async ({ taskId, keepArtifacts, tombstone }) => {
    const request = { taskIds: [taskId], keepArtifacts, tombstone, onStage: () => {} };
    const [outcome] = await (await upkeep()).forget(directory, board, request);
    if (outcome === undefined) throw new Error(`nothing is known of forgetting ${taskId}`);
    return outcome.answer;
  };
}
