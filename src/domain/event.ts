/** The envelope around every event: who, through which door, because of what, when. */
import * as z from 'zod';
import { nameCharsMax } from './limits.ts';

/** Who acted. `id` names the person, run, dispatcher or program part. */
export const actorSchema = z.object({
  kind: z.enum(['human', 'worker', 'dispatcher', 'system']),
  id: z.string().min(1).max(nameCharsMax),
});
export type Actor = z.infer<typeof actorSchema>;

/** The door through which a command came in. */
export const surfaces = ['cli', 'http', 'mcp', 'sdk', 'dispatcher', 'timer'] as const;
export type Surface = (typeof surfaces)[number];

/**
 * Metadata of every event. `$correlationId` is the root request, `$causationId` the event or
 * command that led here (the names the cluster store understands). `at` is the writer's wall
 * clock in UTC ms, for display only: order is position.
 */
export const eventMetaSchema = z.object({
  actor: actorSchema,
  surface: z.enum(surfaces),
  commandId: z.string().min(1),
  $correlationId: z.string().min(1),
  $causationId: z.string().min(1),
  at: z.number().int(),
});
export type EventMeta = z.infer<typeof eventMetaSchema>;

/** What a fold may look at besides the event itself. */
export type FoldMeta = Pick<EventMeta, 'actor' | 'at'>;

/** The current shape of one event type. */
export interface EventShape<S extends z.ZodType> {
  /** Schema version that new events are written with; older ones are upcast on read. */
  readonly schemaVersion: number;
  readonly schema: S;
}

/** Declares an event: its current schema version and the schema of its payload. */
export function shape<S extends z.ZodType>(schemaVersion: number, schema: S): EventShape<S> {
  return { schemaVersion, schema };
}

/** The union of `{type, data}` that a map of shapes describes. */
export type EventsOf<M extends Record<string, EventShape<z.ZodType>>> = {
  [K in keyof M & string]: { readonly type: K; readonly data: z.infer<M[K]['schema']> };
}[keyof M & string];

/** Turns a payload of schema version n into one of version n + 1. */
export type Upcast = (data: Record<string, unknown>) => Record<string, unknown>;

/** Upcasters by event type, then by the schema version they start from. */
export type Upcasters = Readonly<Record<string, Readonly<Record<number, Upcast>>>>;
