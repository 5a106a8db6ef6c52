/** Everything HTTP can say no with, in one shape: RFC 9457, with the codes of the one table. */
import type * as z from 'zod';
import { issuesOf, parseInWords } from '../domain/issues.ts';
import type { Json } from '../domain/limits.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import { type DoorCode, describeFault, doorStatuses, statusOfRefusal } from '../outcome.ts';
import { factsJson } from '../wire/facts-json.ts';

/** What could not be done, as it is answered. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  /** What was attempted and what was found, as one sentence. */
  readonly message: string;
  /** What to do next. */
  readonly hint: string;
  readonly facts: Readonly<Record<string, Json>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A no of this door, where it cannot be returned. */
export class DoorProblem extends Error {
  override readonly name = 'DoorProblem';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** A no of this door: what was found, what to do, and the values it was based on. */
export function doorProblem(
  code: DoorCode,
  message: string,
  hint: string,
  more: Partial<Pick<Problem, 'facts' | 'headers'>> = {},
): Problem {
  return { status: doorStatuses[code], code, message, hint, facts: {}, ...more };
}

/** The board's no. */
export function problemOfRefusal({ code, message, hint, facts }: Refusal): Problem {
  return { status: statusOfRefusal(code), code, message, hint, facts: factsJson(facts) };
}

/** Anything that was thrown. What an unexpected fault said stays inside: it may quote a secret. */
export function problemOfFault(thrown: unknown): Problem {
  if (thrown instanceof DoorProblem) return thrown.problem;
  const { code, message, hint, status } = describeFault(thrown);
  const isOurs = code === 'unexpected';
  return { status, code, message: isOurs ? 'Something went wrong.' : message, hint, facts: {} };
}

/** The document of a problem. */
export function problemJson({ status, code, message, hint, facts }: Problem) {
  const type = `urn:logboard:problem:${code}`;
  return { type, title: code.replaceAll('_', ' '), status, detail: message, code, hint, facts };
}

/** The media type of problems. */
export const problemType = 'application/problem+json';

/** A problem as a response. */
export function problemResponse(problem: Problem): Response {
  return new Response(JSON.stringify(problemJson(problem)), {
    status: problem.status,
    headers: { 'Content-Type': problemType, ...problem.headers },
  });
}

/** The value as the schema makes it. Throws `DoorProblem`, with every issue that there is. */
export function parsed(schema: z.ZodType, value: unknown): unknown {
  const result = parseInWords(schema, value);
  if (result.success) return result.data;
  const issues = issuesOf(result.error);
  const [first] = issues;
  const where = first === undefined || first.path === '' ? 'the input' : first.path;
  const refusal = refuse('invalid', `Cannot accept ${where}: ${first?.problem ?? 'malformed'}.`, {
    hint: 'Correct the input and try again; nothing was written.',
    facts: { issues },
  });
  throw new DoorProblem(problemOfRefusal(refusal));
}
