/** What people type after an option, as the value it means; anything else is said at once. */
import { InvalidArgumentError } from 'commander';
import type { JsonObject } from '../domain/limits.ts';
import { metadataProblem } from '../domain/limits.ts';
import { parseDuration } from './time.ts';

const emptyValue = 'It is empty: is a variable unset?';

/** A whole number, with its sign. */
export function wholeNumber(text: string): number {
  if (!/^[+-]?\d{1,15}$/.test(text.trim())) throw new InvalidArgumentError('Not a whole number.');
  return Number(text);
}

/** A whole number from 1 on. */
export function count(text: string): number {
  const value = wholeNumber(text);
  if (value < 1) throw new InvalidArgumentError('Must be at least 1.');
  return value;
}

/** A place in the log, or 0 for its beginning. */
export function position(text: string): number {
  const value = wholeNumber(text);
  if (value < 0) throw new InvalidArgumentError('A position is 0 or more.');
  return value;
}

/** A duration, in ms: a bare number counts seconds. */
export function durationMs(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) {
    throw new InvalidArgumentError('Not a duration: give seconds, or 500ms, 30s, 5m, 2h, 1d.');
  }
  return ms;
}

/** A share of the work: `0.4`, `40%`. From 0 to 1. */
export function share(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text.trim());
  const value = match === null ? Number.NaN : Number(match[1]) / (match[2] === '%' ? 100 : 1);
  if (!(value >= 0 && value <= 1)) throw new InvalidArgumentError('Give 0 to 1, or 0% to 100%.');
  return value;
}

/** A JSON object within the limits of metadata. */
export function jsonObject(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    throw new InvalidArgumentError(`Not JSON: ${found}`);
  }
  const problem = metadataProblem(value);
  if (problem !== undefined) throw new InvalidArgumentError(`It ${problem}.`);
  return value as JsonObject;
}

/** A name. An empty one would mean nobody or nothing, which is hardly ever meant. */
export function name(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError(emptyValue);
  return text;
}

/**
 * Collects lists: `a,b` and again `c`. Every item has to say something: a parent that was left out
 * would let its task begin too early.
 */
export function collectList(
  value: string,
  earlier: readonly string[] | undefined,
): readonly string[] {
  const items = value.split(',').map((item) => item.trim());
  if (items.includes('')) {
    throw new InvalidArgumentError(
      items.length === 1 ? emptyValue : 'One of its items is empty: is a variable unset?',
    );
  }
  return [...(earlier ?? []), ...items];
}
