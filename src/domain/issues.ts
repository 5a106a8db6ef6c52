/** What a schema found wrong, in words for whoever wrote it. */
import type * as z from 'zod';

/** One thing that is wrong, and where; the empty path is the whole. */
export type Issue = {
  readonly path: string;
  /** Reads on after the name of a field: `must be at least 1`. */
  readonly problem: string;
};

type Raw = z.core.$ZodRawIssue;

/**
 * What is said where a schema has no words of its own. Of what is rare, the words of the validation
 * library stay.
 */
export function problemOfIssue(issue: Raw): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `must be ${kindOf(issue.expected)}`;
    case 'too_small':
      return bounded('at least', issue.minimum, issue);
    case 'too_big':
      return bounded('at most', issue.maximum, issue);
    case 'invalid_value':
      return `must be ${oneOf(issue.values)}`;
    case 'unrecognized_keys':
      return `has keys that nobody knows: ${issue.keys.join(', ')}`;
    case 'invalid_union':
      return 'has none of the forms it may have';
    default:
      return undefined;
  }
}

/**
 * Parses what people and programs write, like `safeParse`. Words are looked for only when something
 * is wrong: zod is a twelfth slower for everybody where some give it an error map and others none.
 */
export function parseInWords<S extends z.ZodType>(
  schema: S,
  value: unknown,
): z.ZodSafeParseResult<z.output<S>> {
  const result = schema.safeParse(value);
  return result.success ? result : schema.safeParse(value, { error: problemOfIssue });
}

/** Everything that was found, each with its place. */
export function issuesOf(error: z.ZodError): readonly Issue[] {
  return error.issues.map(({ path, message }) => ({ path: path.join('.'), problem: message }));
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of names and values',
  record: 'a map of names and values',
  null: 'null',
};

function kindOf(expected: string): string {
  return kinds[expected] ?? expected;
}

/** Numbers are compared; of everything else, its length is. */
function bounded(than: string, limit: number | bigint, { origin, exact }: Partial<Raw>): string {
  const bound = exact === true ? `${limit}` : `${than} ${limit}`;
  if (origin === 'number' || origin === 'int') return `must be ${bound}`;
  if (origin === 'string') return `must have ${bound} character${limit === 1 ? '' : 's'}`;
  return `must have ${bound} item${limit === 1 ? '' : 's'}`;
}

function oneOf(values: readonly unknown[]): string {
  const words = values.map(String);
  return words.length === 1 ? `${words[0]}` : `one of ${words.join(', ')}`;
}
