/** What one event did to one record. */

/** A record before and after; there is no before for a new one. */
export interface Change<Record> {
  readonly before: Record | undefined;
  readonly after: Record;
}
