/** Routing: the table of routes on hono, and what is said where no route is. */
import type { Http2Bindings, HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import type { DoorParts } from './door-parts.ts';
import { serveRoute } from './mount.ts';
import type { OpenState } from './open-state.ts';
import { createPageFiles } from './page-files.ts';
import { doorProblem, problemOfFault, problemResponse } from './problem.ts';
import type { Route } from './route.ts';

type Connection = HttpBindings | Http2Bindings;

/** Answers a request that has passed the gate, on the connection it came by. */
export type Answering = (request: Request, connection: Connection) => Response | Promise<Response>;

/** The routes over these parts. */
export function createApp(table: readonly Route[], parts: DoorParts, state: OpenState): Answering {
  const app = new Hono<{ Bindings: Connection }>();
  const timed = timedBy(parts, state);
  const pageFile = createPageFiles(parts.webDirectory);
  for (const route of table) {
    const serve = serveRoute(route, parts, state);
    app.on(route.method, honoPath(route), (c) => {
      const hangUp = () => void c.env.outgoing.destroy();
      return timed(route, () => serve(c.req.raw, c.req.param(), hangUp));
    });
  }
  for (const [path, methods] of methodsByPath(table)) {
    app.all(path, () => timed(noRoute, async () => problemResponse(wrongMethod(methods))));
  }
  app.notFound(({ req }) => {
    const file = pageFile(req.path);
    const answer = file ?? problemResponse(noSuchRoute);
    return timed(file === undefined ? noRoute : thePage, async () => answer);
  });
  app.onError((fault) => {
    const problem = problemOfFault(fault);
    if (problem.status >= 500) parts.onFault(fault);
    return problemResponse(problem);
  });
  return app.fetch;
}

/** What figures call requests that came to no route of the table. */
const noRoute = { method: 'any', path: 'none' };
const thePage = { method: 'GET', path: 'page' };

const seeRoutes = 'See /api/v1/openapi.json for the routes.';
const noSuchRoute = doorProblem('no_such_route', 'There is nothing at this path.', seeRoutes);

function wrongMethod(methods: readonly string[]) {
  const headers = { Allow: methods.join(', ') };
  return doorProblem('method_not_allowed', 'Not with this method.', seeRoutes, { headers });
}

/** Tells how long the answers of a route take; one that ends in a fault is an answer, too. */
function timedBy({ clock }: DoorParts, { answered }: OpenState) {
  return async (
    { method, path: route }: { readonly method: string; readonly path: string },
    serve: () => Promise<Response>,
  ): Promise<Response> => {
    const beganMs = clock.monoMs();
    const tell = (status: number) =>
      answered.tell({ method, route, status, ms: clock.monoMs() - beganMs });
    try {
      const response = await serve();
      tell(response.status);
      return response;
    } catch (fault) {
      tell(problemOfFault(fault).status);
      throw fault;
    }
  };
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
