/** The size of everything people and programs may write; every text has one. */
import * as z from 'zod';

/** Longest task title, in characters. */
export const titleCharsMax = 500;
/** Longest task body, in UTF-8 bytes. */
export const bodyBytesMax = 1024 * 1024;
/** Longest comment, in UTF-8 bytes. */
export const commentBytesMax = 64 * 1024;
/** Longest summary, result, reason or error text, in UTF-8 bytes. */
export const textBytesMax = 64 * 1024;
/** Longest heartbeat note, in characters. */
export const noteCharsMax = 2_000;
/** Longest name: assignee, tenant, branch, model, skill, actor …, in characters. */
export const nameCharsMax = 200;
/** Longest path, in characters (Linux PATH_MAX). */
export const pathCharsMax = 4_096;
/** Largest metadata object, in bytes of its JSON text. */
export const metadataBytesMax = 256 * 1024;
/** Deepest nesting of a metadata object. */
export const metadataDepthMax = 32;
/** Most parents, skills or artifacts of one task. */
export const listItemsMax = 1_000;
/** Priorities run from minus this to plus this; the higher number goes first. */
export const priorityMax = 1_000_000;
/** Longest duration anybody may ask for: ten years, in ms. */
export const durationMsMax = 10 * 365 * 24 * 3_600_000;

/** A JSON value, as `JSON.parse` gives it. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json;
}

const encoder = new TextEncoder();
const forbiddenKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** One line of text without control characters, at most `charsMax` long. */
export function line(charsMax: number) {
  return z
    .string()
    .min(1, 'must not be empty')
    .max(charsMax, `is longer than ${charsMax} characters`)
    .refine((text) => !hasControlCharacter(text, false), 'contains a control character')
    .overwrite(wholeCharacters);
}

/** Text of several lines, at most `bytesMax` bytes; tabs and line ends are the only controls. */
export function text(bytesMax: number) {
  return z
    .string()
    .refine((value) => isWithinBytes(value, bytesMax), `is larger than ${bytesMax} bytes`)
    .refine((value) => !hasControlCharacter(value, true), 'contains a control character')
    .overwrite(wholeCharacters);
}

/**
 * Puts U+FFFD for half of a surrogate pair, as every UTF-8 encoder does: no table could give it
 * back. It is left by a cut through a character and no reason to refuse the rest.
 */
function wholeCharacters(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}

/** The first `charsMax` characters of a text, or one less where the cut would halve one. */
export function cut(text: string, charsMax: number): string {
  return text.slice(0, charsMax).replace(/[\uD800-\uDBFF]$/, '');
}

/** A JSON object within the metadata limits. */
export const metadataSchema = z.custom<JsonObject>(
  (value) => metadataProblem(value) === undefined,
  { error: (issue) => metadataProblem(issue.input) ?? 'is not a JSON object' },
);

/** What is wrong with a metadata object, in words; undefined when nothing is. */
export function metadataProblem(value: unknown): string | undefined {
  if (!isPlainObject(value)) return 'is not a JSON object';
  const shape = shapeProblem(value, 1);
  if (shape !== undefined) return shape;
  if (!isWithinBytes(JSON.stringify(value), metadataBytesMax)) {
    return `is larger than ${metadataBytesMax} bytes`;
  }
  return undefined;
}

function shapeProblem(value: unknown, depth: number): string | undefined {
  if (typeof value === 'number') {
    return Number.isFinite(value) ? undefined : 'contains a number that JSON cannot carry';
  }
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined;
  if (!Array.isArray(value) && !isPlainObject(value)) {
    return `contains a ${typeof value} that JSON cannot carry`;
  }
  if (depth > metadataDepthMax) return `is nested deeper than ${metadataDepthMax}`;
  for (const [key, item] of Object.entries(value)) {
    if (forbiddenKeys.has(key)) return `contains the key ${key}`;
    const problem = shapeProblem(item, depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Dates, maps and the like are objects, too, but JSON makes something else of them. */
function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function isWithinBytes(value: string, bytesMax: number): boolean {
  // A UTF-16 unit is at most three UTF-8 bytes, so short strings need no encoding.
  return value.length * 3 <= bytesMax || encoder.encode(value).length <= bytesMax;
}

/** Whether a text carries control characters (C0, DEL, C1); `multiline` allows tab, LF and CR. */
export function hasControlCharacter(value: string, multiline: boolean): boolean {
  for (let index = 0; index < value.length; index += 1) {
    const unit = value.charCodeAt(index);
    const isControl = unit < 0x20 || (unit >= 0x7f && unit <= 0x9f);
    if (isControl && !(multiline && (unit === 0x09 || unit === 0x0a || unit === 0x0d))) return true;
  }
  return false;
}
