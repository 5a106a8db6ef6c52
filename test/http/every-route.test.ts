/** Every route, called on a real server, and described as it is. */

import { describe, expect, test } from 'vitest';
import type * as z from 'zod';
import { routes } from '../../src/http/routes.ts';
import { openHouse } from './a-door.ts';
import { calls, furnish } from './calls.ts';

const name = ({ method, path }: { method: string; path: string }) => `${method} ${path}`;

test('every route has a call, and every call a route', () => {
  expect(Object.keys(calls).sort()).toEqual(routes.map(name).sort());
});

test('no two routes are the same', () => {
  expect(new Set(routes.map(name)).size).toBe(routes.length);
});

describe('the answer of', () => {
  test.each(routes.map((route) => [name(route), route] as const))(
    '%s is what it is described as',
    async (called, route) => {
      const harbour = await furnish(await openHouse());
      const { params = {}, query = '', ...asking } = await calls[called]!(harbour);
      const path = route.path.replaceAll(/\{(\w+)\}/g, (_, each: string) => params[each] ?? '?');

      const response = await harbour.fetch(`${path}${query}`, { method: route.method, ...asking });

      expect(response.status, await problemIn(response)).toBeLessThan(300);
      if (typeof route.answer === 'string') {
        expect(response.headers.get('content-type')).toContain(route.answer);
        await response.body?.cancel();
        return;
      }
      const json = await response.json();
      const read = (route.answer as z.ZodType).safeParse(json);
      expect(read.error?.issues ?? []).toEqual([]);
    },
  );
});

async function problemIn(response: Response): Promise<string> {
  return response.status < 300 ? '' : response.clone().text();
}

describe('the OpenAPI document', () => {
  test('has every route with its parameters, and refers to nothing that is not there', async () => {
    const { ask } = await openHouse();

    const { json } = await ask('/api/v1/openapi.json', { who: 'nobody' });

    expect(json.openapi).toBe('3.1.0');
    const described = Object.entries<object>(json.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toEqual(routes.map(name).sort());
    const text = JSON.stringify(json);
    for (const [, reference] of text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)) {
      expect(json.components.schemas).toHaveProperty(reference ?? '');
    }
    expect(Object.keys(json.components.schemas)).toEqual(
      expect.arrayContaining(['Problem', 'Task', 'Run', 'Event']),
    );
    const ids = [...text.matchAll(/"operationId":"([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(routes.length);
    const { parameters } = json.paths['/api/v1/tasks/{taskId}'].patch;
    expect(parameters.map((each: { name: string }) => each.name)).toEqual([
      'taskId',
      'Idempotency-Key',
      'If-Match',
    ]);
  });
});
