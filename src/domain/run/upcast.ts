/** How older payloads of run events become current ones; add-only, like the events themselves. */
import type { Upcasters } from '../event.ts';

/** Empty while every run event is at schema version 1. */
export const runUpcasters: Upcasters = {};
