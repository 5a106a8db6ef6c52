/** `claim`: takes a task for a program that no dispatcher started. */
import type { Command } from 'commander';
import type { ClaimAnswer, ClaimRequest } from '../../app/claim-task.ts';
import { type Refusal, type RefusalCode, refuse } from '../../domain/refusal.ts';
import { said } from '../../domain/said.ts';
import { taskIdOf } from '../ids.ts';
import { durationMs } from '../parsers.ts';
import { taskLine } from '../task-line.ts';
import { assigneeOf } from '../task-options.ts';
import { isoTime, relativeTime } from '../time.ts';
import { UsageError } from '../usage-error.ts';
import type { BoardContext, Context, Input, Result, Verb } from '../verb.ts';

interface Options {
  readonly assignee?: string;
  readonly ttl?: number;
}

/** Claims a task. */
export const verb: Verb<Options> = {
  configure,
  run,
  examples: [
    ['logboard claim T-0A1B2C3D4E', 'this one'],
    [
      'logboard claim --assignee gpu --ttl 5m --json',
      'the next one for gpu; exit 5 when there is none',
    ],
  ],
};

function configure(command: Command): void {
  command
    .argument('[task]', 'the task; or, with --assignee, the next that is ready')
    .option('--assignee <name>', 'take the next ready task of this assignee; none: of nobody')
    .option('--ttl <duration>', 'how long the run may stay silent: 900 (seconds), 15m', durationMs);
}

async function run(context: Context, { args, options }: Input<Options>): Promise<Result> {
  const { assignee, ttl } = options;
  const [task] = args;
  if ((task === undefined) === (assignee === undefined)) {
    throw new UsageError(
      'What to claim is not clear.',
      'Name a task, or --assignee for the next one.',
    );
  }
  const request = said({ ttlMs: ttl, host: context.root.hostname });
  const taskId = task === undefined ? undefined : taskIdOf(task);
  const on = await context.onBoard('write');
  const answer =
    taskId === undefined
      ? await claimNext(on, assigneeOf(assignee ?? ''), request)
      : await on.commands().claim(taskId, request);
  return answer.refused ? answer : showClaim(on, answer);
}

/** Refusals that only say that somebody else was faster. */
const lostRaces: ReadonlySet<RefusalCode> = new Set<RefusalCode>([
  'already_claimed',
  'held_until',
  'not_ready',
  'parents_open',
]);

/** How much of the queue is tried before it is read again. */
const candidatesMax = 20;

async function claimNext(
  on: BoardContext,
  assignee: string | null,
  request: ClaimRequest,
): Promise<ClaimAnswer | Refusal> {
  const commands = on.commands();
  for (;;) {
    const queries = await on.board.read();
    const wanted = { limit: candidatesMax, assignees: [assignee] };
    const candidates = queries.ready(on.board.nowMs(), wanted);
    if (candidates.length === 0) return nothingToClaim(assignee);
    for (const { taskId } of candidates) {
      const answer = await commands.claim(taskId, request);
      if (!answer.refused || !lostRaces.has(answer.code)) return answer;
    }
  }
}

function nothingToClaim(assignee: string | null): Refusal {
  return refuse('nothing_to_claim', `Nothing is ready for ${assignee ?? 'nobody in particular'}.`, {
    hint: 'Try again later; see what is waiting with `logboard list`.',
    facts: { assignee },
  });
}

async function showClaim(on: BoardContext, claim: ClaimAnswer): Promise<Result> {
  const { taskId, runId, version, attempt, position } = claim;
  const nowMs = on.board.nowMs();
  const task = (await on.board.read()).task(taskId, nowMs);
  if (task === undefined) throw new Error(`the tables lost task ${taskId}`);
  const workspace = task.workspace.path;
  const leaseUntil = isoTime(claim.leaseUntilMs);
  const after = `lease ends ${relativeTime(claim.leaseUntilMs, nowMs)}`;
  const next = `logboard complete --run ${runId} --summary "…"   when it is done`;
  return {
    json: () => ({ taskId, runId, version, leaseUntil, attempt, ...said({ workspace }), position }),
    text: () => taskLine(task, on.style, { before: runId, after }),
    notes: [on.talk.paint('dim', next)],
  };
}
