/** Events on their way from one log to another, with what a gap before them leaves behind. */
import type { StoredEvent, Version } from './event-log.ts';

/** An event as it stands in the log that it is copied from. */
export interface CopiedEvent extends StoredEvent {
  /**
   * Hash (hex) of the event that stood before it, where that one has been thinned out: nothing that
   * is left makes it again.
   */
  readonly before?: string | undefined;
  /** The version before it in its stream, where those between the two have been thinned out. */
  readonly behind?: Version | undefined;
}
