/** Input that no board would accept, refused before one is opened or made. */
import type * as z from 'zod';
import { issuesOf, parseInWords } from '../domain/issues.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';

/** Undefined when the schema accepts the input; otherwise the refusal the board would give. */
export function refuseInvalid(
  schema: z.ZodType,
  input: unknown,
  what = 'the input',
): Refusal | undefined {
  const { error } = parseInWords(schema, input);
  if (error === undefined) return undefined;
  const issues = issuesOf(error);
  const [first] = issues;
  return refuse('invalid', `Cannot accept ${first?.path || what}: ${first?.problem}.`, {
    hint: 'Correct the input and try again; nothing was written.',
    facts: { issues },
  });
}
