/** Where a page ends that holds long texts. */
import type { StoredEvent } from './event-log.ts';

/** The first of these events, up to the one with which their texts come to so many characters. */
export function untilFull(
  events: Iterable<StoredEvent>,
  charsMax: number = Number.POSITIVE_INFINITY,
): readonly StoredEvent[] {
  const page: StoredEvent[] = [];
  let chars = 0;
  for (const event of events) {
    page.push(event);
    chars += charsOf(event);
    if (chars >= charsMax) break;
  }
  return page;
}

/** How long the texts of an event are: its payload and its metadata. */
export function charsOf({ data, meta }: Pick<StoredEvent, 'data' | 'meta'>): number {
  return data.length + meta.length;
}
