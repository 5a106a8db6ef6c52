/** What may stand in a query: text, as the value it means. */
import * as z from 'zod';
import { type Status, statuses } from '../domain/readiness.ts';

/** A whole number from 0 on. */
export const whole = z
  .string()
  .regex(/^\d{1,15}$/, 'is not a whole number')
  .transform(Number);

/** How many at most. */
export function limitUpTo(max: number, byDefault: number) {
  return whole.pipe(z.number().min(1).max(max)).default(byDefault);
}

/** Items separated by commas. */
export const list = z
  .string()
  .max(10_000)
  .transform((text) => text.split(',').map((item) => item.trim()))
  .transform((items) => items.filter((item) => item !== ''));

/** Yes or no. */
export const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

/** A name; `none` stands for nobody. */
export const nameOrNobody = z
  .string()
  .min(1)
  .transform((text) => (text === 'none' ? null : text));

/** Other boards' words for the same thing. */
const synonyms: Readonly<Record<string, Status>> = { todo: 'waiting' };

/** Statuses separated by commas. */
export const statusList = list
  .transform((words) => words.map((word) => synonyms[word] ?? word))
  .pipe(z.array(z.enum(statuses)));
