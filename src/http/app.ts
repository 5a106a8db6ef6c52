/** Routing: the table of routes on hono, and what is said where no route is. */
import { Hono } from 'hono';
import type { DoorParts } from './door-parts.ts';
import { serveRoute } from './mount.ts';
import type { OpenState } from './open-state.ts';
import { createPageFiles } from './page-files.ts';
import { doorProblem, problemOfFault, problemResponse } from './problem.ts';
import type { Route } from './route.ts';

/** Answers a request that has passed the gate. */
export type Answering = (request: Request) => Response | Promise<Response>;

/** The routes over these parts. */
export function createApp(table: readonly Route[], parts: DoorParts, state: OpenState): Answering {
  const app = new Hono();
  const pageFile = createPageFiles(parts.webDirectory);
  for (const route of table) {
    const serve = serveRoute(route, parts, state);
    app.on(route.method, honoPath(route), (c) => serve(c.req.raw, c.req.param()));
  }
  for (const [path, methods] of methodsByPath(table)) {
    app.all(path, () => problemResponse(wrongMethod(methods)));
  }
  app.notFound(({ req }) => pageFile(req.path) ?? problemResponse(noSuchRoute));
  app.onError((fault) => {
    const problem = problemOfFault(fault);
    if (problem.status >= 500) parts.onFault(fault);
    return problemResponse(problem);
  });
  return app.fetch;
}

const seeRoutes = 'See /api/v1/openapi.json for the routes.';
const noSuchRoute = doorProblem('no_such_route', 'There is nothing at this path.', seeRoutes);

function wrongMethod(methods: readonly string[]) {
  const headers = { Allow: methods.join(', ') };
  return doorProblem('method_not_allowed', 'Not with this method.', seeRoutes, { headers });
}

/** `/tasks/{taskId}` is `/tasks/:taskId` there. */
function honoPath({ path }: Pick<Route, 'path'>): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

function methodsByPath(table: readonly Route[]): ReadonlyMap<string, readonly string[]> {
  const methods = new Map<string, string[]>();
  for (const route of table) {
    const path = honoPath(route);
    methods.set(path, [...(methods.get(path) ?? []), route.method]);
  }
  return methods;
}
