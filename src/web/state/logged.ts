/** Events as pages of the log have them. */
import type { Recorded } from '../../domain/catalogue.ts';

/** An event, and when the log took it (wall clock, UTC ms). */
export type LoggedEvent = Recorded & { readonly recordedAtMs: number };
