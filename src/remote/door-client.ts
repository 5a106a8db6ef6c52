/** The HTTP door of a board, from outside: what was said is answered, refused, or not heard. */
import * as z from 'zod';
import { runIdSchema, taskIdSchema } from '../domain/task/events.ts';

/** What came back. `unheard`: nobody knows whether it was heard; saying it again is safe. */
export type Reply<T> =
  | { readonly is: 'said'; readonly body: T }
  | { readonly is: 'nothing'; readonly isPaused: boolean }
  | {
      readonly is: 'refused';
      readonly status: number;
      readonly code: string;
      readonly message: string;
      readonly facts: Readonly<Record<string, unknown>>;
    }
  | { readonly is: 'unheard'; readonly why: string };

/** How long an answer may take beyond what was asked for, in ms. */
const patienceMs = 10_000;

const problemSchema = z.looseObject({
  code: z.string(),
  detail: z.string(),
  facts: z.record(z.string(), z.unknown()).default({}),
});

/** What a claim brings. Nothing in it is believed beyond its shape. */
export const claimSchema = z.looseObject({
  taskId: taskIdSchema,
  runId: runIdSchema,
  attempt: z.number().int().min(1),
  token: z.string().regex(/^[\w-]{20,200}$/),
  leaseMs: z.number().positive(),
  heartbeatEveryMs: z.number().positive(),
  context: z.string(),
  task: z.looseObject({
    model: z.string().nullable(),
    skills: z.array(z.string()),
    tenant: z.string().nullable(),
    branch: z.string().nullable(),
    workspace: z.object({
      kind: z.enum(['scratch', 'dir', 'worktree']),
      path: z.string().optional(),
    }),
  }),
});
/** A task that was taken, and what to work on it with. */
export type RemoteClaim = z.infer<typeof claimSchema>;

/** The answer to a beat. */
export const beatSchema = z.looseObject({ leaseLeftMs: z.number().min(0) });
/** The answer to output. */
export const outputSchema = z.looseObject({ next: z.number().int().min(0) });
/** An answer that only has to have come. */
export const anySchema = z.looseObject({});

/** What to say. */
export interface Saying<T> {
  /** Below `/api/v1/`. */
  readonly path: string;
  /** What goes after `Bearer`. */
  readonly bearer: string;
  readonly body: object | Uint8Array<ArrayBuffer>;
  readonly answer: z.ZodType<T>;
  /** The same key: the same request. */
  readonly key?: string;
  /** How long the door itself may wait, in ms. */
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
}

/** Says something, once. Never rejects. */
export type Say = <T>(saying: Saying<T>) => Promise<Reply<T>>;

/** A client of the door at this address. */
export function createDoorClient(url: string): Say {
  return async (saying) => {
    try {
      return await replyOf(await send(url, saying), saying.answer);
    } catch (fault) {
      return { is: 'unheard', why: reasonOf(fault) };
    }
  };
}

function send<T>(url: string, saying: Saying<T>): Promise<Response> {
  const { path, bearer, body, key, waitMs = 0, signal } = saying;
  const isBytes = body instanceof Uint8Array;
  const tooLong = AbortSignal.timeout(waitMs + patienceMs);
  return fetch(new URL(`/api/v1/${path}`, url), {
    method: 'POST',
    redirect: 'error',
    headers: {
      Authorization: `Bearer ${bearer}`,
      'Content-Type': isBytes ? 'application/octet-stream' : 'application/json',
      ...(key === undefined ? {} : { 'Idempotency-Key': key }),
    },
    body: isBytes ? body : JSON.stringify(body),
    signal: signal === undefined ? tooLong : AbortSignal.any([signal, tooLong]),
  });
}

async function replyOf<T>(response: Response, answer: z.ZodType<T>): Promise<Reply<T>> {
  const { status, headers } = response;
  if (status === 204) return { is: 'nothing', isPaused: headers.has('logboard-paused') };
  const text = await response.text();
  // A server in trouble, or one that wants to be left alone for a moment, has not said no.
  if (status >= 500 || status === 429) return { is: 'unheard', why: `the door says ${status}` };
  if (response.ok) return { is: 'said', body: answer.parse(JSON.parse(text)) };
  const { code, detail: message, facts } = problemSchema.parse(JSON.parse(text));
  return { is: 'refused', status, code, message, facts };
}

function reasonOf(fault: unknown): string {
  const { cause } = fault as { cause?: { code?: unknown } };
  if (typeof cause?.code === 'string') return cause.code;
  return fault instanceof Error ? fault.message : String(fault);
}
