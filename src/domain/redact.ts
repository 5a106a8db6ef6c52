/**
 * Puts a mark in the place of secrets, so that what happened can be shown to others. What is left
 * is no longer than what was there and of the same shape: every event stays readable.
 */
import type { Json } from './limits.ts';
import { isSecretName, secretPatterns } from './secret-patterns.ts';

/** What stands where a secret stood; of a secret that is shorter, as much as it had. */
export const secretMark = '***';

/** Fields that are keys of other things, and never texts: left as they are. */
const keyFields: ReadonlySet<string> = new Set(['assignee', 'assignees']);

/** The text without what looks like a secret. */
export function redactText(text: string): string {
  return secretPatterns.reduce((left, { pattern }) => withoutMatches(left, pattern), text);
}

/** The value without what looks like a secret; the same value when there is nothing. */
export function redactJson(value: Json): Json {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return redactList(value);
  return mapped(value, (item, key) => (keyFields.has(key) ? item : redactField(key, item)));
}

function redactField(key: string, item: Json): Json {
  return isSecretName(key) ? withoutLeaves(item) : redactJson(item);
}

/** `["--password", "x"]`: an option says what follows it. */
function redactList(items: readonly Json[]): Json {
  return items.map((item, index) => {
    const before = items[index - 1];
    const isSecret = typeof before === 'string' && /^--?\w/.test(before) && isSecretName(before);
    return isSecret ? withoutLeaves(item) : redactJson(item);
  });
}

/** Of something that is secret as a whole, only the shape. */
function withoutLeaves(value: Json): Json {
  if (typeof value === 'string') return markFor(value);
  if (typeof value === 'number') return 0;
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map(withoutLeaves);
  return mapped(value, withoutLeaves);
}

function withoutMatches(text: string, pattern: RegExp): string {
  let left = '';
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    const [whole, ...groups] = match.indices ?? [];
    const [from, to] = groups.find((group) => group !== undefined) ?? whole ?? [0, 0];
    left += text.slice(end, from) + markFor(text.slice(from, to));
    end = to;
  }
  return left + text.slice(end);
}

function markFor(secret: string): string {
  return secretMark.slice(0, secret.length);
}

function isList(value: Json & object): value is readonly Json[] {
  return Array.isArray(value);
}

function mapped(value: object, change: (item: Json, key: string) => Json): Json {
  const entries = Object.entries(value as Record<string, Json>);
  return Object.fromEntries(entries.map(([key, item]) => [key, change(item, key)]));
}
