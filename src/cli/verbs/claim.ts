/** `claim`: takes a task for a program that no dispatcher started. */
import type { Command } from 'commander';
import type { ClaimAnswer } from '../../app/claim-task.ts';
import { exitCodes } from '../../outcome.ts';
import { claimJson } from '../../wire/claim-json.ts';
import { takeNext } from '../claim-next.ts';
import { taskIdOf } from '../ids.ts';
import { durationMs, name } from '../parsers.ts';
import { taskLine } from '../task-line.ts';
import { assigneeOf } from '../task-options.ts';
import { relativeTime } from '../time.ts';
import { UsageError } from '../usage-error.ts';
import type { BoardContext, Context, Input, Result, Verb } from '../verb.ts';

interface Options {
  readonly assignee?: string;
  readonly ttl?: number;
  /** See `takeNext`. */
  readonly wait?: number | true;
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
    ['logboard claim --assignee gpu --wait 10m', 'the same, but wait for one that becomes ready'],
  ],
};

function configure(command: Command): void {
  command
    .argument('[task]', 'the task; or, with --assignee, the next that is ready')
    .option('--assignee <name>', 'take the next ready task of this assignee; none: of nobody', name)
    .option('--ttl <duration>', 'how long the run may stay silent: 900 (seconds), 15m', durationMs)
    .option(
      '--wait [duration]',
      'with --assignee: wait for a task; default: until stopped',
      durationMs,
    );
}

async function run(context: Context, { args, options }: Input<Options>): Promise<Result> {
  const { assignee, ttl, wait } = options;
  const [task] = args;
  if ((task === undefined) === (assignee === undefined)) {
    throw new UsageError(
      'What to claim is not clear.',
      'Name a task, or --assignee for the next one.',
    );
  }
  if (wait !== undefined && assignee === undefined) {
    throw new UsageError('There is nothing to wait for.', 'Name whose tasks: add --assignee.');
  }
  const host = context.root.hostname;
  const request = ttl === undefined ? { host } : { ttlMs: ttl, host };
  const taskId = task === undefined ? undefined : taskIdOf(task);
  const on = await context.onBoard('write');
  const answer =
    taskId === undefined
      ? await takeNext(on, { assignee: assigneeOf(assignee ?? ''), request }, wait)
      : await on.commands().claim(taskId, request);
  if (answer === 'stopped') return { exit: exitCodes.interrupted };
  return answer.refused ? answer : showClaim(on, answer);
}

async function showClaim(on: BoardContext, claim: ClaimAnswer): Promise<Result> {
  const { taskId, runId } = claim;
  const nowMs = on.board.nowMs();
  const task = (await on.board.read()).task(taskId, nowMs);
  if (task === undefined) throw new Error(`the tables lost task ${taskId}`);
  const after = `lease ends ${relativeTime(claim.leaseUntilMs, nowMs)}`;
  const next = `logboard complete --run ${runId} --summary "…"   when it is done`;
  return {
    json: () => claimJson(claim, task),
    text: () => taskLine(task, on.style, { before: runId, after }),
    notes: [on.talk.paint('dim', next)],
  };
}
