/**
 * Routes of a run, for its own worker: below `/api/v1/runs/{runId}/`, with that run's token, at a
 * version that the log knows. Checked here once, so that no route of a run can forget it.
 */
import * as z from 'zod';
import type { RunAnswer } from '../app/write-run.ts';
import { streams } from '../domain/catalogue.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import { runIdSchema } from '../domain/task/events.ts';
import { workersOfRuns } from './principal.ts';
import { type Call, type Reply, type Route, route } from './route.ts';

/** What a handler of such a route works with. */
export interface OwnCall<B, Q = unknown> extends Call<{ runId: string }, Q, B> {
  readonly runId: string;
  readonly proof: { readonly tokenHash: string };
}

/** What such a route says about itself. */
export interface OwnRunSpec<B extends z.ZodType, Q extends z.ZodType> {
  /** What is done to the run: the last piece of the path. */
  readonly name: string;
  readonly summary: string;
  readonly query?: Q;
  /** Left out where the body is no JSON. */
  readonly body?: B;
  readonly takesBytes?: true;
  readonly answer: z.ZodType;
  handle(call: OwnCall<z.infer<B>, z.infer<Q>>): Promise<Reply>;
}

const params = z.strictObject({ runId: runIdSchema });

/** Declares a route of a run. */
export function ownRunRoute<B extends z.ZodType, Q extends z.ZodType>(
  spec: OwnRunSpec<B, Q>,
): Route {
  const { name, handle, ...rest } = spec;
  return route({
    ...rest,
    method: 'POST',
    path: `/api/v1/runs/{runId}/${name}`,
    allow: workersOfRuns,
    params,
    async handle(call) {
      const { principal } = call;
      const { runId } = call.params;
      if (principal?.role !== 'run') throw new Error('a route of runs let in somebody else');
      if (principal.runId !== runId) return notItsOwn(call, principal);
      const ahead = await aheadOfTheLog(call, runId);
      if (ahead !== undefined) return ahead;
      const { tokenHash } = principal;
      return handle({ ...call, runId, proof: { tokenHash } } as never);
    },
  });
}

/** Sends a word on the run, unless the log has it already, whatever has been said since. */
export async function saidOnce(
  { commands, earlier, proof, runId }: OwnCall<unknown>,
  say: () => Promise<RunAnswer | Refusal>,
): Promise<RunAnswer | Refusal> {
  const position = await earlier(streams.run(runId));
  if (position === undefined) return say();
  const run = await commands().actBeside(runId, proof);
  return run.refused ? run : { ...run, position };
}

/** The board says no by itself where that run has a token, and keeps that it was asked. */
async function notItsOwn(
  { commands, params: { runId } }: Call<{ runId: string }>,
  own: { readonly runId: string; readonly tokenHash: string },
): Promise<Refusal> {
  const answer = await commands().actBeside(runId, { tokenHash: own.tokenHash });
  if (answer.refused) return answer;
  const message = `This token is of ${own.runId}: it may not act for ${runId}.`;
  const hint = 'Act for the run that the token was given out with.';
  return refuse('token_invalid', message, { hint, facts: { runId, own: own.runId } });
}

/** A log that was put back to an older copy does not know what the worker knows. */
async function aheadOfTheLog(call: Call, runId: string): Promise<Refusal | undefined> {
  const { version } = (call.body ?? call.query ?? {}) as { version?: number };
  if (version === undefined) return undefined;
  const known = (await call.read()).queries.run(runId)?.version ?? -1;
  if (version <= known) return undefined;
  return refuse('run_moved', `The log knows ${runId} up to version ${known}, not ${version}.`, {
    hint: 'Send the version of the last answer; if it was, the log was replaced: stop working.',
    facts: { runId, version: known, expected: version },
  });
}
