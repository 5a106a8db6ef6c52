/** The facts of a refusal as programs see them. */
import type { Json } from '../domain/limits.ts';
import type { Refusal } from '../domain/refusal.ts';
import { isoTime } from './iso-time.ts';

/** Inside, times are numbers of ms; at the doors they are ISO, under names without the unit. */
export function factsJson(facts: Refusal['facts']): Readonly<Record<string, Json>> {
  return Object.fromEntries(Object.entries(facts).map(factJson));
}

function factJson([key, value]: [string, Json]): readonly [string, Json] {
  const isMoment = key.endsWith('AtMs') || key === 'notBeforeMs';
  return isMoment && typeof value === 'number' ? [key.slice(0, -2), isoTime(value)] : [key, value];
}
