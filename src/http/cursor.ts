/** Where a page of a list ended, as a word that clients hand back and need not understand. */
import * as z from 'zod';
import { type TaskPlace, type TaskSort, taskSorts } from '../../projections/tasks/queries.ts';

const cursorShape = z.tuple([
  z.enum(taskSorts),
  z.union([z.string(), z.number(), z.null()]),
  z.number(),
]);

/** The word for a place in a list. */
export function cursorOf(sort: TaskSort, { key, seq }: TaskPlace): string {
  return Buffer.from(JSON.stringify([sort, key, seq])).toString('base64url');
}

/** Reads such a word. */
export const cursorSchema = z
  .string()
  .max(4_000)
  .transform((word, context) => {
    const [sort, key, seq] = cursorShape.safeParse(jsonIn(word)).data ?? [];
    if (sort !== undefined && key !== undefined && seq !== undefined) return { sort, key, seq };
    context.addIssue({ code: 'custom', message: 'is no cursor of this list' });
    return z.NEVER;
  });

function jsonIn(word: string): unknown {
  try {
    return JSON.parse(Buffer.from(word, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
