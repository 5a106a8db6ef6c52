/** `work`: takes tasks of a board on another machine, and runs a program for each. */
import type { Command } from 'commander';
import { assigneeSchema } from '../../domain/task/events.ts';
import { exitCodes } from '../../outcome.ts';
import { isoTime } from '../../wire/iso-time.ts';
import { refuseInvalid } from '../invalid-input.ts';
import { collectList, count, durationMs, name } from '../parsers.ts';
import { reportLine } from '../report-line.ts';
import { jsonText } from '../sanitize.ts';
import { assigneeOf } from '../task-options.ts';
import { UsageError } from '../usage-error.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

interface Options {
  readonly url?: string;
  readonly assignee?: string;
  readonly tokenFile?: string;
  readonly once?: true;
  readonly max?: number;
  readonly ttl?: number;
  readonly capability?: readonly string[];
  readonly inherit?: readonly string[];
  readonly artifact?: readonly string[];
}

/** Works for a board elsewhere. */
export const verb: Verb<Options> = {
  configure,
  run,
  examples: [
    ['logboard work --url http://127.0.0.1:4747 --assignee gpu -- ./train.sh', 'until stopped'],
    ['logboard work --url $URL --assignee gpu --max 4 -- python3 w.py', 'four at once'],
    ['logboard work --url $URL --assignee gpu --once -- make', 'one task; exit 5 without one'],
  ],
};

function configure(command: Command): void {
  command
    .argument('<command...>', 'after --: the program and its arguments, run once for each task')
    .option('--url <url>', 'where `logboard serve` is; env LOGBOARD_URL')
    .option('--assignee <name>', 'whose tasks; none: those that name nobody', name)
    .option('--token-file <file>', "a worker's token; env LOGBOARD_TOKEN_FILE")
    .option('--once', 'take one task if there is one, and leave')
    .option('--max <n>', 'programs at once; default 1', count)
    .option(
      '--ttl <duration>',
      'how long a run may stay silent; default: what the board says',
      durationMs,
    )
    .option('--capability <name>', 'what this machine has; repeat or separate by ,', collectList)
    .option('--inherit <name>', 'variable that the program may see; repeat it', collectList)
    .option('--artifact <path>', 'file of the workspace to hand in; repeat it', collectList)
    .addHelpText('after', afterHelp);
}

const afterHelp = [
  '',
  'The program finds what a local worker finds: LOGBOARD_TASK, LOGBOARD_RUN,',
  'LOGBOARD_URL, LOGBOARD_CONTEXT_FILE, LOGBOARD_RUN_TOKEN_FILE … Exit code 0',
  "completes the run, 75 is for later, others fail; the board's worker definition",
  'may say otherwise. It is ended, with all its processes, when its run is over.',
].join('\n');

async function run(context: Context, { args, options }: Input<Options>): Promise<Result> {
  const { io, root } = context;
  const assignee = assigneeOf(required(options.assignee, '--assignee', 'whose tasks to take'));
  const invalid = refuseInvalid(assigneeSchema.nullable(), assignee, 'the assignee');
  if (invalid !== undefined) return invalid;
  const url = urlOf(required(options.url ?? io.environment['LOGBOARD_URL'], '--url', 'the board'));
  const given = options.tokenFile ?? io.environment['LOGBOARD_TOKEN_FILE'];
  const tokenFile = required(given, '--token-file', 'where the token of a worker is');
  const { policy } = await context.config();
  const stopped = io.untilStopped();
  const once = options.once ?? false;
  const taken = await root.work(
    {
      url,
      tokenFile,
      assignee,
      capabilities: options.capability ?? [],
      run: args,
      inherit: options.inherit ?? [],
      artifacts: options.artifact ?? [],
      max: options.max ?? 1,
      once,
      ttlMs: options.ttl,
      worker: undefined,
      logBytesMax: policy.logBytesMax,
      killGraceMs: policy.killGraceMs,
    },
    { stopped, tell: (what, facts) => tell(context, what, facts) },
  );
  return once && taken === 0 ? { exit: exitCodes.nothing_to_claim } : {};
}

function required(value: string | undefined, option: string, what: string): string {
  if (value !== undefined && value !== '') return value;
  throw new UsageError(`It is not said ${what}.`, `Give ${option}.`);
}

/** Secrets do not belong into addresses, which are shown to everybody. */
function urlOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url !== undefined && /^https?:$/.test(url.protocol) && url.username === '';
  if (isPlain && url.search === '' && url.hash === '') return url.origin;
  throw new UsageError(
    'This is not the address of a board.',
    'Give it as `logboard serve` prints it: http://127.0.0.1:4747.',
  );
}

function tell({ io, isJson, talk }: Context, what: string, facts: object): void {
  const nowMs = io.nowMs();
  const line = isJson
    ? jsonText({ at: isoTime(nowMs), what, ...facts })
    : reportLine(what, facts, talk, nowMs);
  io.stdout.write(`${line}\n`);
}
