/** The OpenAPI 3.1 document: the table of routes in the words that tools understand. */
import * as z from 'zod';
import { doorStatuses } from '../outcome.ts';
import { queryOf } from './mount.ts';
import { problemType } from './problem.ts';
import { isReading, type Route } from './route.ts';

type Json = Record<string, unknown>;

/** Schemas that are named once and referred to. */
interface Components {
  readonly schemas: Json;
}

const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string(),
    hint: z.string(),
    facts: z.looseObject({}),
  })
  .meta({ id: 'Problem', description: 'What could not be done, why, and what to do (RFC 9457).' });

/** The document of these routes. */
export function openApiOf(routes: readonly Route[], version: string): Json {
  const components: Components = { schemas: {} };
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: operationOf(route, components),
    };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Logboard', version, license: { name: 'MIT', identifier: 'MIT' }, description },
    servers: [{ url: '/' }],
    paths,
    components: { ...components, securitySchemes },
  };
}

const description = [
  'One board: its tasks, runs and events. Every answer carries its place in the log',
  '(`Logboard-Position`). Every write may carry an `Idempotency-Key`: the same request again is',
  'answered like the first. Errors are problems (RFC 9457) with a `code`, a hint and the facts.',
].join(' ');

const securitySchemes = {
  token: {
    type: 'http',
    scheme: 'bearer',
    description: 'A role’s token, or `<run id>.<token>` of a run.',
  },
  page: { type: 'apiKey', in: 'cookie', name: 'logboard_<port>' },
};

function operationOf(route: Route, components: Components): Json {
  const { allow, body, method, path, revisionOf, summary, takesBytes } = route;
  const parameters = [
    ...parametersIn('path', route.params as z.ZodObject | undefined, components),
    ...parametersIn('query', queryOf(route), components),
    ...(isReading(route) || allow === 'everybody' || takesBytes ? [] : [idempotencyKey]),
    ...(revisionOf === undefined ? [] : [ifMatch]),
  ];
  return {
    operationId: operationId(method, path),
    summary,
    tags: [path.split('/')[3] ?? 'health'],
    ...(allow === 'everybody'
      ? { security: [] }
      : { security: [{ token: [] }, { page: [] }], 'x-roles': allow }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { required: true, ...jsonOf(body, components) } }),
    ...(takesBytes ? { requestBody: bytesBody } : {}),
    responses: responsesOf(route, components),
  };
}

const bytesBody = { required: true, content: { 'application/octet-stream': {} } };

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  schema: { type: 'string', maxLength: 200 },
  description: 'Names this request: sent again, it is answered like the first time.',
};
const ifMatch = {
  name: 'If-Match',
  in: 'header',
  schema: { type: 'string', pattern: '^"?\\d+"?$' },
  description: 'The version of the task that was seen; 412 when it has moved since.',
};

/** `GET /api/v1/tasks/{taskId}/runs` is `getTasksByTaskIdRuns`. */
function operationId(method: string, path: string): string {
  const words = path
    .replace(/^\/api\/v1/, '')
    .replaceAll(/\{(\w+)\}/g, 'by-$1')
    .split(/[^A-Za-z]+/)
    .filter((word) => word !== '');
  const capital = (word: string) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
  return `${method.toLowerCase()}${words.map(capital).join('')}`;
}

function parametersIn(
  place: 'path' | 'query',
  fields: z.ZodObject | undefined,
  components: Components,
): readonly Json[] {
  return Object.entries(fields?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: place,
    required: !(schema as z.ZodType).safeParse(undefined).success,
    schema: schemaOf(schema as z.ZodType, 'input', components),
  }));
}

function responsesOf({ answer, allow }: Route, components: Components): Json {
  const success =
    typeof answer === 'string'
      ? { content: { [answer]: { schema: { type: 'string' } } } }
      : jsonOf(answer, components, 'output');
  const problem = {
    content: { [problemType]: { schema: schemaOf(problemSchema, 'output', components) } },
  };
  const unsigned = allow === 'everybody' ? [] : [401, 403];
  const failures = [400, ...unsigned, ...(allow === 'everybody' ? [] : [404, 409])];
  return {
    '2XX': { description: 'Done.', headers: positionHeader, ...success },
    ...Object.fromEntries(
      failures.map((status) => [status, { description: words(status), ...problem }]),
    ),
    default: { description: 'Any other problem.', ...problem },
  };
}

const positionHeader = {
  'Logboard-Position': {
    description: 'The place in the log that the answer contains.',
    schema: { type: 'integer' },
  },
};

/** What a status stands for, in the codes of this door. */
function words(status: number): string {
  const codes = Object.entries(doorStatuses).filter(([, each]) => each === status);
  return codes.map(([code]) => `\`${code}\``).join(', ') || 'A refusal of the board.';
}

function jsonOf(schema: z.ZodType, components: Components, side: 'input' | 'output' = 'input') {
  return { content: { 'application/json': { schema: schemaOf(schema, side, components) } } };
}

/** Named schemas go to the components; what JSON Schema has no words for becomes anything. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', { schemas }: Components): Json {
  const made = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: withoutRegex,
  }) as Json;
  const { $schema: _, id: _id, $defs = {}, ...inline } = elsewhere(made) as Json & { $defs?: Json };
  Object.assign(schemas, $defs);
  return inline;
}

/** The format says it in a word. */
function withoutRegex({ jsonSchema }: { jsonSchema: { format?: string; pattern?: string } }): void {
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
}

function elsewhere(made: Json): unknown {
  return JSON.parse(JSON.stringify(made).replaceAll('"#/$defs/', '"#/components/schemas/'));
}
