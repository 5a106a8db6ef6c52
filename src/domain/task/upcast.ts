/** How older payloads of task events become current ones; add-only, like the events themselves. */
import type { Upcasters } from '../event.ts';

/** Empty while every task event is at schema version 1. */
export const taskUpcasters: Upcasters = {};
