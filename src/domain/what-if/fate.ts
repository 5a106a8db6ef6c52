/** What the terminal event of a run says about its life, and what that was known by. */
import type { Recorded } from '../catalogue.ts';
import type { TerminalEvent } from '../run/events.ts';
import type { Fate } from './trace.ts';

/** How a run ended, as far as silence goes; `run` is what was known of it before. */
export function fateOf(
  event: Recorded<TerminalEvent>,
  run: { readonly isOutside: boolean; readonly spawnedMs: number | null },
): Fate {
  switch (event.type) {
    case 'RunReclaimed':
      return event.meta.actor.kind === 'dispatcher' ? reclaimed(event, run) : 'cut';
    case 'RunCrashed':
      return crashed(event);
    case 'RunWentStale':
      return 'stale';
    case 'RunTimedOut':
      return run.isOutside ? 'cut' : 'lived';
    case 'RunCanceled':
      return 'cut';
    default:
      return 'lived';
  }
}

/** Without a place in its evidence, it was a launcher's word that its worker never started. */
function reclaimed(
  { data }: Recorded<TerminalEvent> & { type: 'RunReclaimed' },
  { isOutside, spawnedMs }: { readonly isOutside: boolean; readonly spawnedMs: number | null },
): Fate {
  const { place } = data.evidence;
  if (place === undefined) return 'lived';
  if (!isOutside && spawnedMs === null) return 'unborn';
  return place === 'other_host' ? 'elsewhere' : 'silent';
}

/** An exit that somebody saw, or another boot, is certain at once; a missing pid is not. */
function crashed({ data }: Recorded<TerminalEvent> & { type: 'RunCrashed' }): Fate {
  const wasSeen = data.exitCode !== undefined || data.signal !== undefined;
  return wasSeen || data.evidence['because'] === 'other_boot' ? 'lived' : 'gone';
}

/**
 * How long a run that went stale had shown no progress, in ms; its output counts, which is nowhere
 * else in the log. Undefined for every other ending.
 */
export function silentSinceMs(event: TerminalEvent): number | undefined {
  return event.type === 'RunWentStale' ? event.data.silentMs : undefined;
}
