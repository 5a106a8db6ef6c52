/**
 * Worker definitions: what the configuration says about the workers of one assignee.
 *
 * A name without a definition is no mistake: it is a lane for programs outside, and this
 * dispatcher leaves its tasks alone.
 */
import * as z from 'zod';
import { parseDurationMs } from '../domain/duration.ts';
import { durationMsMax, line, listItemsMax, nameCharsMax, pathCharsMax } from '../domain/limits.ts';
import type { Policy } from '../domain/policy.ts';
import { said } from '../domain/said.ts';
import type { WorkerEnd } from './view.ts';

/**
 * What an exit code may stand for, when the worker itself said nothing.
 *
 * - `complete`: the work is done; the last line of output becomes its summary.
 * - `retry`: try again later, held like a rate limit; no failure is counted.
 * - `fail`: the attempt failed, and the breaker counts it.
 * - `block`: a person has to look; the last line of output says why.
 * - `release`: given back as if it had not been taken.
 */
export const exitMeanings = ['complete', 'retry', 'fail', 'block', 'release'] as const;
export type ExitMeaning = (typeof exitMeanings)[number];

/**
 * A duration under a key without a unit in its name: seconds on the command line, ms in this file
 * until a worker with `maxRuntime: 90` was killed at once. So the unit has to be written here.
 */
const maxRuntimeSchema = z
  .string({ error: ({ input }) => durationProblem(input) })
  .transform((text, context) => {
    const ms = parseDurationMs(text);
    if (ms !== undefined) return ms;
    context.addIssue({ code: 'custom', message: durationProblem(text) });
    return z.NEVER;
  })
  .pipe(
    z
      .number()
      .int()
      .min(1, 'must be longer than nothing')
      .max(durationMsMax, 'is longer than ten years'),
  );

function durationProblem(written: unknown): string {
  const text = typeof written === 'object' ? '' : String(written).trim();
  return /^\d+(\.\d+)?$/.test(text)
    ? `${text} says no unit: write ${text}s for seconds, or ${text}ms for milliseconds`
    : 'is no duration: write a number with its unit, such as 90s, 5m or 2h';
}

const variableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is not the name of an environment variable')
  .refine((name) => !name.startsWith('LOGBOARD_'), 'LOGBOARD_ names are set by the dispatcher');
const variableValue = z
  .string()
  .refine((value) => !value.includes('\0'), 'must not contain a NUL character');

const exitKey = z
  .string()
  .refine((key) => key === '*' || isExitCode(key), 'is neither an exit code (0 to 255) nor "*"');

/** A path inside the workspace that never leads out of it. */
const insidePath = line(pathCharsMax).refine(
  (path) => !path.startsWith('/') && !path.split('/').includes('..'),
  'must be a path inside the workspace',
);

/**
 * One entry of `workers:` in `logboard.yaml`.
 *
 * - `run`: program and arguments, passed on verbatim; no shell reads them.
 * - `max`: workers of this assignee at once; left out: the policy's `maxRunningPerAssignee`.
 * - `env`: variables given to the worker, besides the basic ones and the LOGBOARD_ ones.
 * - `inherit`: names of variables passed on from the dispatcher's own environment.
 * - `stdin`: `context` puts what a worker is shown about its task on stdin; default `none`.
 * - `onExit`: meaning of exit codes for programs that know nothing of Logboard; `*` is any other.
 * - `maxRuntime`: longest a run may take, unless its task says otherwise; text with a unit.
 * - `requires`: capabilities the host must have; a host without them leaves these tasks alone.
 * - `skills`: all that the worker can load; a task that asks for another is told of by
 *   `logboard diagnostics`. Left out: nobody knows, and nothing is told.
 * - `artifacts`: files (glob patterns inside the workspace) that are kept when a run has ended.
 */
export const workerDefinitionSchema = z
  .strictObject({
    run: z
      .array(z.string().min(1).max(pathCharsMax))
      .min(1, 'names no program')
      .max(listItemsMax)
      .refine((argv) => argv.every((part) => !part.includes('\0')), 'must not contain a NUL'),
    max: z.number().int().min(1).max(1_000_000).optional(),
    env: z.record(variableName, variableValue).default({}),
    inherit: z.array(variableName).max(listItemsMax).default([]),
    stdin: z.enum(['context', 'none']).default('none'),
    onExit: z.record(exitKey, z.enum(exitMeanings)).default({}),
    maxRuntime: maxRuntimeSchema.optional(),
    requires: z.array(line(nameCharsMax)).max(listItemsMax).default([]),
    skills: z.array(line(nameCharsMax)).max(listItemsMax).optional(),
    artifacts: z.array(insidePath).max(listItemsMax).default([]),
  })
  .transform(({ maxRuntime, ...rest }) => ({ ...rest, maxRuntimeMs: maxRuntime ?? 0 }));

/** A checked worker definition; a `maxRuntimeMs` of 0 sets no limit of its own. */
export type WorkerDefinition = z.output<typeof workerDefinitionSchema>;

/** A worker definition as people may write it: defaults left out, durations as text. */
export type WorkerDefinitionInput = z.input<typeof workerDefinitionSchema>;

/** The worker definitions of a dispatcher, by assignee. */
export type WorkerDefinitions = Readonly<Record<string, WorkerDefinition>>;

/** What a definition says about an exit code; undefined when it says nothing. */
export function exitMeaning(
  definition: Pick<WorkerDefinition, 'onExit'> | undefined,
  code: number,
): ExitMeaning | undefined {
  return definition?.onExit[code] ?? definition?.onExit['*'];
}

/** Whether a definition says what such an end means, so that no other word is awaited. */
export function isAnswered(definition: WorkerDefinition | undefined, end: WorkerEnd): boolean {
  const hasCode = typeof end === 'object' && 'code' in end;
  return hasCode && exitMeaning(definition, end.code) !== undefined;
}

/** How many workers an assignee may have at once on the board; Infinity when nothing limits it. */
export function workersMax(
  definition: Pick<WorkerDefinition, 'max'>,
  policy: Pick<Policy, 'maxRunningPerAssignee'>,
): number {
  return definition.max ?? (policy.maxRunningPerAssignee || Number.POSITIVE_INFINITY);
}

/**
 * Whom a host starts workers for, as it stands in the log, in the order of the names; and what
 * keeps it from that: their cap, and what the host lacks.
 */
export function servedBy(
  definitions: WorkerDefinitions,
  capabilities: readonly string[],
): { assignees: string[]; workers?: Record<string, { max?: number; lacks?: string[] }> } {
  const assignees = Object.keys(definitions).sort();
  const limits = assignees.flatMap((assignee) => {
    const { max, requires } = definitions[assignee] as WorkerDefinition;
    const lacks = requires.filter((name) => !capabilities.includes(name));
    const told = said({ max, lacks: lacks.length === 0 ? undefined : lacks });
    return Object.keys(told).length === 0 ? [] : [[assignee, told] as const];
  });
  return limits.length === 0 ? { assignees } : { assignees, workers: Object.fromEntries(limits) };
}

function isExitCode(key: string): boolean {
  return /^(0|[1-9]\d{0,2})$/.test(key) && Number(key) <= 255;
}
