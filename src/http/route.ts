/**
 * What a route is. The table of all routes is the one truth about this door: routing, rights,
 * validation, the OpenAPI document and the tests that try every cell of the rights are made of it.
 */
import type * as z from 'zod';
import type { Queries } from '../../projections/index.ts';
import type { Board } from '../app/board.ts';
import type { Caller } from '../app/plan.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Position } from '../log/event-log.ts';
import type { DoorParts } from './door-parts.ts';
import type { OpenState } from './open-state.ts';
import type { Principal, Role } from './principal.ts';

/** How a route is called. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What is asked, after it was checked. */
export interface Asked<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
}

/** A moment of the board: tables that contain everything up to a position. */
export interface Reading {
  readonly queries: Queries;
  readonly position: Position;
  readonly nowMs: number;
}

/** What a handler works with. */
export interface Call<P = unknown, Q = unknown, B = unknown> extends Asked<P, Q, B> {
  /** The board; as it was, where the request says `?at=`. */
  readonly board: Board;
  readonly parts: DoorParts;
  readonly state: OpenState;
  readonly request: Request;
  /** Ends its connection, whatever is still to be sent. */
  hangUp(): void;
  /** Who asks; nobody on routes that need no role. */
  readonly principal: Principal | undefined;
  /** The principal as the caller of commands, with the id that its idempotency key stands for. */
  caller(): Caller;
  /** The commands in its name. */
  commands(): ReturnType<Board['as']>;
  /** The tables, caught up. */
  read(): Promise<Reading>;
  /** Where this very command stands in a stream already; undefined when it was never stored. */
  earlier(stream: string): Promise<Position | undefined>;
}

/** What a handler answers: a document, or a response of another kind, such as a stream. */
export type Reply =
  | {
      readonly refused?: never;
      readonly json: unknown;
      /** The place in the log that the answer contains; a write's own. */
      readonly position?: Position | undefined;
      /** 200 when left out. */
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly refused?: never; readonly response: Response }
  | Refusal;

/** What a route says about itself, and does. */
export interface RouteSpec<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  readonly method: Method;
  /** Below the root, with `{name}` for parameters. */
  readonly path: string;
  /** What it does or answers, as half a sentence. */
  readonly summary: string;
  /** Who may call it; nobody has to be anybody where it is `everybody`. */
  readonly allow: readonly Role[] | 'everybody';
  /** Whether it may be asked about the past, with `?at=`. */
  readonly takesAt?: true;
  readonly params?: P;
  /** Beside `at` and `minPosition`, which every reading route takes. */
  readonly query?: Q;
  readonly body?: B;
  /**
   * The body is bytes, which the handler reads by itself. Such a route does the same when it is
   * asked again, and no key is asked for.
   */
  readonly takesBytes?: true;
  /** Largest body in bytes. Default 256 KiB. */
  readonly bodyBytesMax?: number;
  /** The task whose revision `If-Match` names. */
  readonly revisionOf?: (params: z.infer<P>) => string;
  /** The document of a success, or the media type of another answer. */
  readonly answer: z.ZodType | string;
  handle(call: Call<z.infer<P>, z.infer<Q>, z.infer<B>>): Promise<Reply>;
}

/** A route of the table. */
export type Route = Omit<RouteSpec<z.ZodType, z.ZodType, z.ZodType>, 'handle'> & {
  handle(call: Call): Promise<Reply>;
};

/** Declares a route; its handler is given what its schemas say. */
export function route<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  spec: RouteSpec<P, Q, B>,
): Route {
  return spec as unknown as Route;
}

/** Whether a route only reads: it changes nothing, whoever calls it and however often. */
export function isReading({ method }: Pick<Route, 'method'>): boolean {
  return method === 'GET';
}
