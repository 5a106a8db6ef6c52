/** The entries that led to an event, or that followed from it. */
import type { TimelineRow } from '../../projections/timeline/row.ts';
import { createCausality, eventPosition } from '../app/causality.ts';
import type { StorySource } from '../app/story.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { EventLog } from '../log/event-log.ts';
import { leastImportance, type TimelineOptions } from './timeline-options.ts';
import { UsageError } from './usage-error.ts';

/** The entries asked for by a link; undefined when none is followed. Throws `UsageError`. */
export async function followLinks(
  source: StorySource,
  log: EventLog,
  options: TimelineOptions,
): Promise<readonly TimelineRow[] | Refusal | undefined> {
  const { causes, causedBy, limit } = options;
  const word = causes ?? causedBy;
  if (word === undefined) return undefined;
  if (causes !== undefined && causedBy !== undefined) {
    throw new UsageError('--causes looks back and --caused-by ahead.', 'Give one of them.');
  }
  const place = await eventPosition(log, word, source.nowMs);
  if (place.refused) return place;
  const { position } = place;
  const links = createCausality(source, log);
  const all = causes === undefined ? links.effects(position, limit) : links.causes(position);
  // The event that was asked about is told whatever it weighs.
  return (await all).filter((row) => {
    return row.position === position || row.importance >= leastImportance(options);
  });
}
