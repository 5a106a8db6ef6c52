/** How answers put things: figures beside each other, who did what, texts of others cut short. */
import type { Recorded } from '../catalogue.ts';
import { spokenDuration } from '../duration.ts';
import type { Actor } from '../event.ts';
import { cut } from '../limits.ts';
import type { Decider, Sighting } from './explanation.ts';

/** Characters of somebody else's text that an answer quotes. */
const quotedMax = 200;

/** Somebody else's text at a length that fits a sentence. */
export function quoted(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= quotedMax ? line : `${cut(line, quotedMax - 1)}…`;
}

/** `what: text`, or `what` alone where nothing was said. */
export function because(what: string, text: string | undefined): string {
  return text === undefined || text.trim() === '' ? what : `${what}: ${quoted(text)}`;
}

/** `silent 92 s > lease 60 s`: a duration that has reached its limit, or exceeds it. */
export function exceeds(
  what: string,
  ms: number | undefined,
  limit: { readonly name: string; readonly ms: number },
): string {
  const limitText = `${limit.name} ${spokenDuration(limit.ms)}`;
  if (ms === undefined) return `${what} for longer than ${limitText}`;
  return `${what} ${spokenDuration(ms)} ${ms > limit.ms ? '>' : '≥'} ${limitText}`;
}

/** People by name, programs with their kind. */
export function nameOf({ kind, id }: Actor): string {
  return kind === 'human' ? id : `${kind} ${id}`;
}

/** Who decided, from the event that records it. */
export function deciderOf({ meta, position }: Recorded): Decider {
  const { actor, surface, at: atMs } = meta;
  return { kind: actor.kind, id: actor.id, surface, position, atMs };
}

/** What an event shows. */
export function sighting(text: string, event: Recorded | undefined): Sighting {
  return { text, position: event?.position ?? null, atMs: event?.meta.at ?? null };
}
