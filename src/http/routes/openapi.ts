/** The description of this very door. */
import * as z from 'zod';
import { openApiOf } from '../openapi.ts';
import { type Route, route } from '../route.ts';

/** The route that describes all routes, itself included. */
export function openApiRoute(all: () => readonly Route[]): Route {
  return route({
    method: 'GET',
    path: '/api/v1/openapi.json',
    summary: 'this description, as OpenAPI 3.1',
    allow: 'everybody',
    answer: z.looseObject({ openapi: z.string(), paths: z.looseObject({}) }),
    handle: async ({ parts }) => ({ json: openApiOf(all(), parts.version) }),
  });
}
