/** Everything that can go wrong, said in one way: what, why, what to do. */
import { CommanderError } from 'commander';
import type { Issue } from '../domain/issues.ts';
import type { Json } from '../domain/limits.ts';
import type { Refusal } from '../domain/refusal.ts';
import { describeFault, exitCodes, exitOfRefusal } from '../outcome.ts';
import { factsJson } from '../wire/facts-json.ts';
import { plainLine } from './sanitize.ts';
import type { Style } from './style.ts';

/** What could not be done. */
export interface Problem {
  readonly code: string;
  /** What was attempted and what was found, as one sentence. */
  readonly message: string;
  /** What to do next. */
  readonly hint: string;
  readonly facts: Readonly<Record<string, Json>>;
  readonly exit: number;
}

/** The board's no, where it cannot be returned. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** A refusal, or anything that was thrown, as a problem. */
export function problemOf(trouble: unknown): Problem {
  if (trouble instanceof Refused) return problemOfRefusal(trouble.refusal);
  if (trouble instanceof CommanderError) return problemOfParsing(trouble);
  if (isRefusal(trouble)) return problemOfRefusal(trouble);
  const { message, ...fault } = describeFault(trouble);
  return { ...fault, message: sentence(message), facts: {} };
}

/** The document that `--json` prints. */
export function problemJson({ code, message, hint, facts }: Problem) {
  return { error: { code, message, hint, facts } };
}

/** Three lines for people. */
export function problemText(problem: Problem, style: Style): string {
  const { code, message, hint, facts } = problem;
  const known = Object.entries(facts).map(([key, value]) =>
    key === 'issues' ? issuesText(value) : `${key} ${factText(value)}`,
  );
  const why = [code, ...known].join(', ');
  return [
    `${style.paint('bad', 'error:')} ${plainLine(message)}`,
    style.paint('dim', `  why: ${plainLine(why)}`),
    `   do: ${plainLine(hint)}`,
    '',
  ].join('\n');
}

function isRefusal(trouble: unknown): trouble is Refusal {
  return (trouble as Partial<Refusal> | undefined)?.refused === true;
}

function problemOfRefusal({ code, message, hint, facts }: Refusal): Problem {
  return { code, message, hint, facts: factsJson(facts), exit: exitOfRefusal(code) };
}

/** `error: unknown option '--foo'\n(Did you mean --for?)`, taken apart. */
function problemOfParsing({ message }: CommanderError): Problem {
  const [first = '', second] = message.replace(/^error: /, '').split('\n');
  return {
    code: 'usage',
    message: sentence(`${first.charAt(0).toUpperCase()}${first.slice(1)}`),
    hint: second?.replace(/^\(|\)$/g, '') ?? 'Add --help to see how it is meant.',
    facts: {},
    exit: exitCodes.usage,
  };
}

function sentence(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`;
}

/** `title must not be empty; priority must be at most 1000000`. */
function issuesText(issues: Json): string {
  const found = issues as unknown as readonly Issue[];
  return found.map(({ path, problem }) => `${path || 'it'} ${problem}`).join('; ');
}

function factText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
