/** `whatif`: what another policy would have meant for the runs of the past. */
import { type Command, Option } from 'commander';
import { rangeOf } from '../../app/position-at.ts';
import { type WhatIf, whatIf } from '../../app/what-if.ts';
import {
  type Axis,
  type TriedKey,
  trialCount,
  trialsMax,
  triedKeys,
} from '../../domain/what-if/trial.ts';
import { type DurationSteps, durationSteps } from '../duration-steps.ts';
import { durationMs } from '../parsers.ts';
import { type PastMoment, pastMoment } from '../past-moment.ts';
import { withProgress } from '../progress.ts';
import { UsageError } from '../usage-error.ts';
import type { BoardContext, Context, Input, Result, Verb } from '../verb.ts';
import { whatIfJson } from '../what-if-json.ts';
import { whatIfText } from '../what-if-text.ts';

interface Options {
  readonly claimTtl?: DurationSteps;
  readonly crashGrace?: DurationSteps;
  readonly launchLease?: DurationSteps;
  readonly maxSilent?: DurationSteps;
  readonly staleAfter?: DurationSteps;
  readonly from?: PastMoment;
  readonly to?: PastMoment;
  readonly assignee?: string;
  readonly weigh: number;
}

/** Judges the runs of the past by other policies. */
export const verb: Verb<Options> = {
  configure,
  run,
  examples: [
    ['logboard whatif --claim-ttl 30s..10m', 'leases of 30 s to 10 min, and which one is best'],
    [
      'logboard whatif --claim-ttl 30s,2m,5m --crash-grace 0..120s --from -7d',
      'every combination, over the runs claimed in the last seven days',
    ],
    [
      'logboard whatif --claim-ttl 1m..1h/6 --weigh 1h --json | jq .best.reasons',
      'where a false reclaim is as bad as an hour of idle time',
    ],
  ],
};

const explanation = `
Every run is judged on its own: would the other policy have given it up, and did it show life after
that? That is a false reclaim. If it did not, how late was its death noticed? The fleet is not
simulated again after the first decision that would have been another one: the recorded future is
no longer valid there. What cannot be known is counted as unsure, or said below the table.

FALSE   runs given up that showed life again      UNSURE  perhaps so: life not in the log
NOTICED dead workers found out about              AFTER   how late, the median
LOST    work thrown away by false reclaims        IDLE    time dead workers held tasks
COST    LOST + IDLE + the weight of every false or unsure reclaim (--weigh); least is best

A worker whose process its dispatcher sees is never given up for its lease: claim-ttl matters to
runs claimed through a door, to stopped workers and to lost hosts. max-runtime is not judged.`;

const defaultTtl = '30s..1h';

function configure(command: Command): void {
  const axis = (flags: string, what: string) => new Option(flags, what).argParser(durationSteps);
  command
    .addOption(axis('--claim-ttl <values>', `how long a run may stay silent (${defaultTtl})`))
    .addOption(axis('--crash-grace <values>', 'how long a missing pid proves nothing'))
    .addOption(axis('--launch-lease <values>', 'how long a worker may take to be spawned'))
    .addOption(axis('--max-silent <values>', 'how old a run must be to go stale'))
    .addOption(axis('--stale-after <values>', 'how long without progress is stale; 0 is never'))
    .addOption(new Option('--from <moment>', 'runs claimed from then on').argParser(pastMoment))
    .addOption(new Option('--to <moment>', 'runs claimed until then').argParser(pastMoment))
    .option('--assignee <name>', 'runs of this assignee only')
    .addOption(
      new Option('--weigh <duration>', 'idle time that one false reclaim is as bad as')
        .default(600_000, '10m')
        .argParser(durationMs),
    )
    .addHelpText('after', explanation);
}

async function run(context: Context, { options }: Input<Options>): Promise<Result> {
  const axes = axesOf(options);
  const on = await context.onBoard('read');
  const { board, style } = on;
  const { from, to } = options;
  const nowMs = board.nowMs();
  const wanted = { from: from?.from(nowMs), to: to?.from(nowMs) };
  const range = await rangeOf(board.log, wanted, nowMs);
  if (range.refused) return range;
  const { first, last } = range;
  const { assignee, weigh: weighMs } = options;
  const answer = await judged(on, { axes, from: first, to: last, assignee, weighMs });
  return { json: () => whatIfJson(answer), text: () => whatIfText(answer, style, nowMs) };
}

function judged(on: BoardContext, question: Parameters<typeof whatIf>[1]): Promise<WhatIf> {
  return withProgress(on, (tell) =>
    whatIf(on.board, question, (stage, progress) => {
      tell(stage, progress);
      return new Promise((resolve) => setImmediate(resolve));
    }),
  );
}

/** Steps of a range without a count: the more axes, the fewer. */
const stepsByAxes = [10, 10, 8, 5, 4, 3];

function axesOf(options: Options): readonly Axis[] {
  const given = triedKeys.flatMap((key) => {
    const values = options[optionOf(key)];
    return values === undefined ? [] : [{ key, values }];
  });
  const asked =
    given.length === 0
      ? [{ key: 'claimTtlMs' as const, values: durationSteps(defaultTtl) }]
      : given;
  const steps = stepsByAxes[asked.length] ?? 3;
  const axes = asked.map(({ key, values }) => ({ key, values: values(steps) }));
  refuseNonsense(axes);
  return axes;
}

function optionOf(
  key: TriedKey,
): keyof Pick<Options, 'claimTtl' | 'crashGrace' | 'launchLease' | 'maxSilent' | 'staleAfter'> {
  const names = {
    claimTtlMs: 'claimTtl',
    crashGraceMs: 'crashGrace',
    launchLeaseMs: 'launchLease',
    maxSilentMs: 'maxSilent',
    staleAfterMs: 'staleAfter',
  } as const;
  return names[key];
}

function refuseNonsense(axes: readonly Axis[]): void {
  const isZero = axes.find(({ key, values }) => isLease(key) && values.includes(0));
  if (isZero !== undefined) {
    throw new UsageError(
      'A lease of 0 is none: every run would be over at once.',
      'Begin with 1s.',
    );
  }
  const count = trialCount(axes);
  if (count <= trialsMax) return;
  throw new UsageError(
    `That makes ${count} policies; at most ${trialsMax} are judged at once.`,
    'Try fewer values, or fewer steps: 30s..10m/5.',
  );
}

function isLease(key: TriedKey): boolean {
  return key === 'claimTtlMs' || key === 'launchLeaseMs';
}
