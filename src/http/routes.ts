/** Every route of the door. What stands in no list here does not exist. */
import type { Route } from './route.ts';
import { boardRoutes } from './routes/board.ts';
import { eventRoutes } from './routes/events.ts';
import { healthRoutes } from './routes/health.ts';
import { sessionRoutes } from './routes/session.ts';
import { taskRoutes } from './routes/tasks.ts';

/** The table. */
export const routes: readonly Route[] = [
  ...healthRoutes,
  ...sessionRoutes,
  ...boardRoutes,
  ...taskRoutes,
  ...eventRoutes,
];
