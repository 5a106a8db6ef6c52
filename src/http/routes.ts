/** Every route of the door. What stands in no list here does not exist. */
import type { Route } from './route.ts';
import { aboutTaskRoutes } from './routes/about-task.ts';
import { boardRoutes } from './routes/board.ts';
import { boardWriteRoutes } from './routes/board-writes.ts';
import { knownBoardRoutes } from './routes/boards.ts';
import { bulkRoutes } from './routes/bulk.ts';
import { claimRoutes } from './routes/claims.ts';
import { commentRoutes } from './routes/comments.ts';
import { diagnosticRoutes } from './routes/diagnostics.ts';
import { dispatchRoutes } from './routes/dispatch.ts';
import { eventRoutes } from './routes/events.ts';
import { fleetRoutes } from './routes/fleet.ts';
import { forgetRoutes } from './routes/forget.ts';
import { healthRoutes } from './routes/health.ts';
import { historyRoutes } from './routes/history.ts';
import { incidentRoutes } from './routes/incidents.ts';
import { linkRoutes } from './routes/links.ts';
import { moveRoutes } from './routes/moves.ts';
import { openApiRoute } from './routes/openapi.ts';
import { outputRoutes } from './routes/output.ts';
import { ownRunRoutes } from './routes/own-run.ts';
import { pictureRoutes } from './routes/picture.ts';
import { runFileRoutes } from './routes/run-files.ts';
import { runRoutes } from './routes/runs.ts';
import { sessionRoutes } from './routes/session.ts';
import { storyRoutes } from './routes/story.ts';
import { taskWriteRoutes } from './routes/task-writes.ts';
import { taskRoutes } from './routes/tasks.ts';
import { whatIfRoutes } from './routes/what-if.ts';

/** The table. */
export const routes: readonly Route[] = [
  ...healthRoutes,
  ...sessionRoutes,
  ...boardRoutes,
  ...knownBoardRoutes,
  ...taskRoutes,
  ...aboutTaskRoutes,
  ...bulkRoutes,
  ...taskWriteRoutes,
  ...forgetRoutes,
  ...linkRoutes,
  ...commentRoutes,
  ...boardWriteRoutes,
  ...moveRoutes,
  ...runRoutes,
  ...claimRoutes,
  ...ownRunRoutes,
  ...runFileRoutes,
  ...outputRoutes,
  ...fleetRoutes,
  ...dispatchRoutes,
  ...diagnosticRoutes,
  ...storyRoutes,
  ...historyRoutes,
  ...pictureRoutes,
  ...whatIfRoutes,
  ...incidentRoutes,
  openApiRoute(() => routes),
  ...eventRoutes,
];
