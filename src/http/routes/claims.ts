/** Taking a task, from anywhere: what a worker needs comes with it. */
import * as z from 'zod';
import { claimNext, waitForNext } from '../../app/claim-next.ts';
import type { ClaimAnswer, ClaimRequest } from '../../app/claim-task.ts';
import { listItemsMax } from '../../domain/limits.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { said } from '../../domain/said.ts';
import { assigneeSchema, durationMsSchema, nameSchema } from '../../domain/task/events.ts';
import { claimJson } from '../../wire/claim-json.ts';
import { taskJson } from '../../wire/task-json.ts';
import { claimers } from '../principal.ts';
import { type Call, type Reply, type Route, route } from '../route.ts';
import { type RunTicket, ticketOf } from '../run-ticket.ts';

/** The longest that a claim may wait, in ms: proxies cut what is silent for longer. */
const waitMsMax = 30_000;

const claimBody = z.strictObject({
  /** Whose tasks; null stands for tasks that name nobody. */
  assignee: assigneeSchema.nullable(),
  /** What the worker has; the worker definition of the assignee may require it. */
  capabilities: z.array(nameSchema).max(listItemsMax).default([]),
  waitMs: z.number().int().min(0).max(waitMsMax).default(0),
  ttlMs: durationMsSchema.optional(),
  /** Name of whoever will work, and of its machine: for people. */
  worker: nameSchema.optional(),
  host: nameSchema.optional(),
});
type ClaimBody = z.infer<typeof claimBody>;
type ClaimCall = Call<unknown, unknown, ClaimBody>;

/** The route that claims. */
export const claimRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/api/v1/claims',
    summary:
      'take the next ready task of an assignee; 204 when none came in time, or the board rests',
    allow: claimers,
    body: claimBody,
    answer: z.looseObject({
      taskId: z.string(),
      runId: z.string(),
      attempt: z.number(),
      version: z.number(),
      token: z.string(),
      leaseUntil: z.string(),
      leaseMs: z.number(),
      heartbeatEveryMs: z.number(),
      context: z.string(),
      task: z.looseObject({ id: z.string(), title: z.string() }),
      position: z.number(),
    }),
    async handle(call) {
      const lacking = lacks(call);
      if (lacking !== undefined) return lacking;
      const ticket = ticketOf(call.parts, call.caller().commandId);
      const taken = (await claimedBefore(call, ticket)) ?? (await takeOnce(call, ticket));
      if (!taken.refused) return handOver(call, taken, ticket);
      return taken.code === 'nothing_to_claim' ? { response: nothingCame(taken) } : taken;
    },
  }),
];

/** Waiting would not help a worker that lacks what the assignee's definition requires. */
function lacks({ body, parts }: ClaimCall): Refusal | undefined {
  const { assignee, capabilities } = body;
  const required = parts.config().workers[assignee ?? '']?.requires ?? [];
  const missing = required.filter((name) => !capabilities.includes(name));
  if (missing.length === 0) return undefined;
  const found = `Work of ${assignee} requires ${missing.join(', ')}, which this worker lacks.`;
  return refuse('no_such_assignee', found, {
    hint: 'Name what the worker has in `capabilities`, or ask for work of another assignee.',
    facts: { assignee, lacks: missing },
  });
}

/** The claim that this very request made before, while its run goes on. */
async function claimedBefore(
  call: ClaimCall,
  { runId, tokenHash, isRepeatable }: RunTicket,
): Promise<ClaimAnswer | Refusal | undefined> {
  if (!isRepeatable) return undefined;
  const run = (await call.read()).queries.run(runId);
  if (run === undefined) return undefined;
  const answer = await call.commands().actBeside(runId, { tokenHash });
  return answer.refused ? answer : { ...answer, attempt: run.attempt };
}

/** Of two requests under one key at once, the second finds the run of the first. */
async function takeOnce(call: ClaimCall, ticket: RunTicket): Promise<ClaimAnswer | Refusal> {
  const answer = await take(call, ticket);
  const isSecond = answer.refused && answer.code === 'already_exists';
  return (isSecond ? await claimedBefore(call, ticket) : undefined) ?? answer;
}

async function take(call: ClaimCall, ticket: RunTicket): Promise<ClaimAnswer | Refusal> {
  const { body, board, parts, request, state } = call;
  const { waitMs } = body;
  const claiming = { board, commands: call.commands(), beingClaimed: state.beingClaimed };
  const wanted = { assignee: body.assignee, request: requestOf(body, ticket) };
  if (waitMs === 0) return claimNext(claiming, wanted);
  const signal = AbortSignal.any([request.signal, state.closing]);
  const patience = { timers: parts.timers, waitMs, signal, newsAfter: state.queueNews };
  const claim = await waitForNext(claiming, wanted, patience);
  if (claim.refused || !request.signal.aborted) return claim;
  // Nobody is there any more to be told: the task is for the next one.
  const reason = 'the worker was gone before it could be told';
  const released = await call.commands().releaseRun(claim.runId, reason, ticket);
  return released.refused ? released : nothingToTell;
}

const nothingToTell = refuse('nothing_to_claim', 'Nobody waits any more.', { hint: '' });

function requestOf({ ttlMs, worker, host }: ClaimBody, ticket: RunTicket): ClaimRequest {
  const { runId, tokenHash } = ticket;
  return said({ runId, tokenHash, ttlMs, claimedBy: worker, host });
}

/** Everything a worker needs, as one answer. */
async function handOver(call: ClaimCall, claim: ClaimAnswer, ticket: RunTicket): Promise<Reply> {
  const { queries, nowMs } = await call.read();
  const task = queries.task(claim.taskId, nowMs);
  const context = await call.board.context(claim.taskId);
  if (task === undefined || typeof context !== 'string') throw new Error(`${claim.taskId} is gone`);
  const json = {
    ...claimJson(claim, task),
    token: ticket.token,
    leaseMs: queries.run(claim.runId)?.leaseTtlMs ?? claim.leaseUntilMs - nowMs,
    heartbeatEveryMs: call.board.policy().heartbeatEveryMs,
    context,
    task: taskJson(task, queries, nowMs),
  };
  return { json, position: claim.position, status: 201 };
}

/** An answer without a word has only its headers to say that waiting is all that can be done. */
function nothingCame({ facts }: Refusal): Response {
  const paused = facts['paused'] === true ? { 'Logboard-Paused': 'true' } : {};
  return new Response(null, { status: 204, headers: { 'Cache-Control': 'no-store', ...paused } });
}
