/** Asks the server. Everything it says no to comes back as a problem, never as an exception. */

/** What the server, or the way to it, says no with. */
export interface Problem {
  readonly code: string;
  /** What was attempted and what was found, as one sentence. */
  readonly detail: string;
  /** What to do next. */
  readonly hint: string;
  readonly status: number;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** An answer, or a problem in its place. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T; readonly position: number }
  | { readonly ok: false; readonly problem: Problem };

/** What a request carries besides its path. */
export interface Sending {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  /** The revision of the task that the change was made on; refused when there is a later one. */
  readonly revision?: number | undefined;
  readonly signal?: AbortSignal;
}

/** Asks for a document, or for a change. */
export type Ask = <T>(path: string, sending?: Sending) => Promise<Answer<T>>;

/** A client of the server that this page came from. */
export function createClient(send: typeof fetch, newKey: () => string): Ask {
  return async <T>(path: string, { method = 'GET', body, revision, signal }: Sending = {}) => {
    const headers = new Headers();
    if (method !== 'GET') headers.set('Idempotency-Key', newKey());
    if (body !== undefined) headers.set('Content-Type', 'application/json');
    if (revision !== undefined) headers.set('If-Match', `"${revision}"`);
    const text = body === undefined ? null : JSON.stringify(body);
    try {
      const more = signal === undefined ? {} : { signal };
      const response = await send(`/api/v1${path}`, { method, headers, body: text, ...more });
      return await answerOf<T>(response);
    } catch {
      return { ok: false, problem: unreachable };
    }
  };
}

async function answerOf<T>(response: Response): Promise<Answer<T>> {
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  const value: unknown = isJson ? await response.json() : await response.text();
  if (response.ok) {
    const position = Number(response.headers.get('logboard-position') ?? 0);
    return { ok: true, value: value as T, position };
  }
  const said = isJson ? (value as Partial<Problem>) : {};
  return { ok: false, problem: { ...unexpected, ...said, status: response.status } };
}

const unreachable: Problem = {
  code: 'unreachable',
  detail: 'The server cannot be reached.',
  hint: 'Try again in a moment; the same change is never made twice.',
  status: 0,
  facts: {},
};

const unexpected: Problem = {
  code: 'unexpected',
  detail: 'The server said something that this page does not understand.',
  hint: 'Look at what `logboard serve` prints.',
  status: 500,
  facts: {},
};
