/** Files a worker hands on: copied into the board, under the hash of their content. */
import { refuse } from '../domain/refusal.ts';
import type { HandOff } from '../domain/task/events.ts';
import { Refused } from './problem.ts';
import type { BoardContext } from './verb.ts';

type Artifacts = NonNullable<HandOff['artifacts']>;

/**
 * Copies files of the workspace into the board, before the run ends: afterwards they may be gone.
 * Throws `Refused` when one of them cannot be kept; then nothing is completed.
 */
export async function keepArtifacts(
  on: BoardContext,
  paths: readonly string[],
): Promise<Artifacts> {
  const { io, place, root } = on;
  const workspace = io.environment['LOGBOARD_WORKSPACE'] || io.directory;
  const { kept, skipped } = await root.keepArtifacts(place.directory, { workspace, paths });
  if (skipped.length === 0) return [...kept];
  const problems = skipped.map(({ path, why }) => `${path} (${why.replaceAll('_', ' ')})`);
  throw new Refused(
    refuse('invalid', `Cannot keep ${problems.join(', ')} as artifacts; nothing was completed.`, {
      hint: `Name files inside the workspace, relative to ${workspace}.`,
      facts: { workspace, skipped: skipped.map(({ path, why }) => ({ path, why })) },
    }),
  );
}
