/** Turns a plan into the bytes to append, with ids that a repeat makes again. */
import * as z from 'zod';
import type { EventMeta } from '../domain/event.ts';
import { issuesOf } from '../domain/issues.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import { bytesTooMany } from '../log/check.ts';
import type { Codec } from '../log/codec.ts';
import { eventBytesMax, type StreamWrite } from '../log/event-log.ts';
import { eventId } from './event-id.ts';
import type { Caller, Plan, PlannedWrite } from './plan.ts';

/** What all events of one command share. */
export interface Envelope {
  readonly sender: Caller;
  readonly commandId: string;
  readonly nowMs: number;
}

/** The writes of a plan, encoded; a payload that is not of its shape is refused as a whole. */
export function encodePlan(
  codec: Codec,
  plan: Plan<unknown>,
  envelope: Envelope,
): readonly StreamWrite[] | Refusal {
  const { sender, commandId, nowMs } = envelope;
  const correlationId = sender.correlationId ?? plan.correlationId ?? commandId;
  const shared = { sender, commandId, correlationId, nowMs };
  try {
    const writes = plan.writes.map((write) => encodeWrite(codec, write, shared));
    return tooLarge(writes) ?? writes;
  } catch (fault) {
    if (fault instanceof z.ZodError) return invalid(fault);
    throw fault;
  }
}

function encodeWrite(
  codec: Codec,
  write: PlannedWrite,
  { sender, commandId, correlationId, nowMs }: Envelope & { readonly correlationId: string },
): StreamWrite {
  const { follows, stream, expected } = write;
  const causeId = follows && idOf(follows, commandId);
  const meta: EventMeta = {
    actor: sender.actor,
    surface: sender.surface,
    commandId,
    $correlationId: correlationId,
    $causationId: causeId ?? sender.causationId ?? commandId,
    at: nowMs,
  };
  const seed = causeId ?? commandId;
  const events = write.events.map((event, index) =>
    codec.encode(eventId(stream, seed, index), event, meta),
  );
  return { stream, expected, events };
}

function idOf(cause: NonNullable<PlannedWrite['follows']>, commandId: string): string {
  return 'eventId' in cause ? cause.eventId : eventId(cause.stream, commandId, cause.index);
}

/** What was said is not of the shape the catalogue asks for: every problem, with its place. */
function invalid(error: z.ZodError): Refusal {
  const issues = issuesOf(error);
  const first = issues[0];
  const where = first === undefined || first.path === '' ? 'the input' : first.path;
  return refuse('invalid', `Cannot accept ${where}: ${first?.problem ?? 'it is malformed'}.`, {
    hint: 'Correct the input and try again; nothing was written.',
    facts: { issues },
  });
}

/** Every text may be within its limit, and all of them together still more than one event takes. */
function tooLarge(writes: readonly StreamWrite[]): Refusal | undefined {
  for (const event of writes.flatMap(({ events }) => events)) {
    const bytes = bytesTooMany(event);
    if (bytes === undefined) continue;
    return refuse('invalid', `Cannot accept the input: it makes an event of ${bytes} bytes.`, {
      hint: `Keep it below ${eventBytesMax} bytes; hand large results on as artifacts.`,
      facts: { type: event.type, bytes, bytesMax: eventBytesMax },
    });
  }
  return undefined;
}
