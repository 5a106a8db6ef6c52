/** What the worker of a run says about its run, from anywhere. */
import * as z from 'zod';
import type { RunAnswer } from '../../app/write-run.ts';
import { line, metadataSchema, noteCharsMax } from '../../domain/limits.ts';
import { commentBodySchema } from '../../domain/note/events.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { usageSchema } from '../../domain/run/events.ts';
import { said } from '../../domain/said.ts';
import { blockCauses, longTextSchema } from '../../domain/task/events.ts';
import { commentJson } from '../../wire/comment-json.ts';
import { runAnswerJson } from '../../wire/run-answer-json.ts';
import { type OwnCall, ownRunRoute, saidOnce } from '../own-run-route.ts';
import type { Reply, Route } from '../route.ts';

/** The fence: the version of the run that its worker knows. */
const fence = { version: z.number().int().min(0).optional() };
const note = line(noteCharsMax);
const progress = z.number().min(0).max(1);
/** Only comments after this position are wanted. */
const commentsAfter = z.number().int().min(0).optional();

const runDocument = z.looseObject({
  taskId: z.string(),
  runId: z.string(),
  version: z.number(),
  leaseUntil: z.string(),
  position: z.number(),
});
const beatDocument = runDocument.extend({
  leaseLeftMs: z.number(),
  stop: z.boolean(),
  comments: z.array(z.looseObject({ position: z.number(), body: z.string() })),
});

/** Most comments told with one beat; the next beat tells the rest. */
const commentsMax = 20;

/** The routes of a run's own worker. */
export const ownRunRoutes: readonly Route[] = [
  ownRunRoute({
    name: 'heartbeat',
    summary: 'Say that the run lives; the answer says how long, and what was said about its task',
    body: z.strictObject({
      ...fence,
      note: note.optional(),
      progress: progress.optional(),
      commentsAfter,
    }),
    answer: beatDocument,
    handle: beat,
  }),
  ownRunRoute({
    name: 'progress',
    summary: 'Say how far the run is',
    body: z.strictObject({ ...fence, note: note.optional(), progress, commentsAfter }),
    answer: beatDocument,
    handle: beat,
  }),
  ownRunRoute({
    name: 'complete',
    summary: 'End the run with its result; the files it handed in go with it',
    body: z.strictObject({
      ...fence,
      summary: longTextSchema.optional(),
      result: longTextSchema.optional(),
      metadata: metadataSchema.optional(),
      review: z.boolean().default(false),
    }),
    answer: runDocument,
    async handle({ body, commands, parts, proof, runId }) {
      const { summary, result, metadata, review } = body;
      const artifacts = await parts.runStore.artifacts(runId);
      const kept = artifacts.length === 0 ? undefined : [...artifacts];
      const handOff = said({ summary, result, metadata, artifacts: kept });
      return replyOf(await commands().completeRun(runId, handOff, { review, ...proof }));
    },
  }),
  ownRunRoute({
    name: 'block',
    summary: 'End the run because somebody else has to act first',
    body: z.strictObject({
      ...fence,
      cause: z.enum(blockCauses).default('needs_input'),
      reason: longTextSchema.refine((text) => text.trim() !== '', 'must not be empty'),
    }),
    answer: runDocument,
    handle: async ({ body: { cause, reason }, commands, proof, runId }) =>
      replyOf(await commands().blockRun(runId, { cause, reason }, proof)),
  }),
  ownRunRoute({
    name: 'release',
    summary: 'Give the task back unfinished; no failure is counted',
    body: z.strictObject({ ...fence, reason: longTextSchema.optional() }),
    answer: runDocument,
    handle: async ({ body, commands, proof, runId }) =>
      replyOf(await commands().releaseRun(runId, body.reason, proof)),
  }),
  ownRunRoute({
    name: 'comment',
    summary: 'Say something about the task of the run',
    body: z.strictObject({ ...fence, body: commentBodySchema }),
    answer: z.object({ taskId: z.string(), runId: z.string(), position: z.number() }),
    async handle({ body, commands, proof, runId }) {
      const allowed = await commands().actBeside(runId, proof);
      if (allowed.refused) return allowed;
      const { taskId } = allowed;
      const answer = await commands().comment(taskId, { body: body.body, runId });
      if (answer.refused) return answer;
      return { json: { taskId, runId, position: answer.position }, position: answer.position };
    },
  }),
  ownRunRoute({
    name: 'usage',
    summary: 'Say what the work has cost since it was said last: reports are added up',
    body: usageSchema.strict().extend(fence),
    answer: runDocument,
    async handle(call) {
      const { version: _fence, ...usage } = call.body;
      return replyOf(
        await saidOnce(call, () => call.commands().usage(call.runId, usage, call.proof)),
      );
    },
  }),
  ownRunRoute({
    name: 'exit',
    summary: 'End the run with what the exit of its program means: code 0 completes, 75 waits',
    body: z.strictObject({
      ...fence,
      exit: z.union([
        z.strictObject({ code: z.number().int().min(0).max(255) }),
        z.strictObject({ signal: z.string().regex(/^SIG[A-Z0-9+-]{1,20}$/, 'is no signal') }),
      ]),
      lastLine: line(noteCharsMax).optional(),
    }),
    answer: runDocument,
    async handle({ body, commands, parts, proof, read, runId }) {
      const allowed = await commands().actBeside(runId, proof);
      if (allowed.refused) return allowed;
      const assignee = (await read()).queries.run(runId)?.assignee ?? null;
      const artifacts = await parts.runStore.artifacts(runId);
      const { exit, lastLine } = body;
      const end = parts.endOf({ exit, lastLine, assignee, artifacts, ...proof });
      return replyOf(await commands().endRun(runId, end));
    },
  }),
];

async function beat(
  call: OwnCall<{
    note?: string | undefined;
    progress?: number | undefined;
    commentsAfter?: number | undefined;
  }>,
): Promise<Reply> {
  const { board, commands, proof, read, runId } = call;
  const { note, progress, commentsAfter = 0 } = call.body;
  const answer = await saidOnce(call, () =>
    commands().heartbeat(runId, { note, progress, ...proof }),
  );
  if (answer.refused) return stopping(answer);
  const { queries } = await read();
  const comments = queries
    .comments(answer.taskId)
    .filter((comment) => comment.position > commentsAfter && comment.runId !== runId)
    .slice(0, commentsMax);
  const json = {
    ...runAnswerJson(answer),
    leaseLeftMs: Math.max(0, answer.leaseUntilMs - board.nowMs()),
    stop: false,
    comments: comments.map(commentJson),
  };
  return { json, position: answer.position };
}

/** Whoever reads no codes may read this one word. */
function stopping(refusal: Refusal): Refusal {
  const { code, message, hint, facts } = refusal;
  return refuse(code, message, { hint, facts: { ...facts, stop: true } });
}

function replyOf(answer: RunAnswer | Refusal): Reply {
  if (answer.refused) return answer;
  return { json: runAnswerJson(answer), position: answer.position };
}
