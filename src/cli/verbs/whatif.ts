/** `whatif`: what another policy would have meant for the runs of the past. */
import { type Command, Option } from 'commander';
import { rangeOf } from '../../app/position-at.ts';
import { type WhatIf, whatIf } from '../../app/what-if.ts';
import { whatIfJson } from '../../wire/what-if-json.ts';
import { durationMs, name } from '../parsers.ts';
import { type PastMoment, pastMoment } from '../past-moment.ts';
import { withProgress } from '../progress.ts';
import type { BoardContext, Context, Input, Result, Verb } from '../verb.ts';
import { type AxisOptions, addAxisOptions, axesOf } from '../what-if-axes.ts';
import { whatIfText } from '../what-if-text.ts';
import { writeHeatMap } from '../write-heat-map.ts';

interface Options extends AxisOptions {
  readonly from?: PastMoment;
  readonly to?: PastMoment;
  readonly assignee?: string;
  readonly weigh: number;
  readonly html?: string | true;
}

/** Judges the runs of the past by other policies. */
export const verb: Verb<Options> = {
  takesAt: 'once',
  configure,
  run,
  examples: [
    ['logboard whatif --claim-ttl 30s..10m', 'leases of 30 s to 10 min, and which one is best'],
    [
      'logboard whatif --claim-ttl 30s,2m,5m --crash-grace 0..120s --from -7d',
      'every combination, over the runs claimed in the last seven days',
    ],
    [
      'logboard whatif --claim-ttl 1m..1h --stale-after 10m..4h --html ttl.html',
      'the same as a page with a heat map',
    ],
    [
      'logboard whatif --claim-ttl 1m..1h/6 --weigh 1h --json | jq .best.reasons',
      'where a false reclaim is as bad as an hour of idle time',
    ],
  ],
};

const explanation = `
Every run is judged on its own: would the other policy have given it up, and
did it show life after that? That is a false reclaim. If it did not, how late
was its death noticed? The fleet is not simulated again after the first decision
that would have been another one: the recorded future is no longer valid there.
What cannot be known is counted as unsure, or said below the table.

  FALSE    given up, and it showed life again
  UNSURE   the same, but life that is not in the log may have kept it
  NOTICED  dead workers found out about; AFTER how long, the median
  LOST     work thrown away by false and unsure reclaims
  IDLE     time that dead workers held their tasks
  COST     LOST + IDLE + the weight of every false or unsure reclaim (--weigh);
           the least is best

A worker whose process its dispatcher sees is never given up for its lease:
--claim-ttl matters to runs claimed through a door, to stopped workers and to
lost hosts. Max runtime is not judged. Ranges: 30s..10m grows by a factor,
30s..10m/8 in eight steps, 0..120s evenly; the policy in force is added.`;

function configure(command: Command): void {
  addAxisOptions(command)
    .addOption(new Option('--from <moment>', 'runs claimed from then on').argParser(pastMoment))
    .addOption(new Option('--to <moment>', 'runs claimed until then').argParser(pastMoment))
    .option('--assignee <name>', 'runs of this assignee only', name)
    .addOption(
      new Option('--weigh <duration>', 'idle time that one false reclaim is as bad as')
        .default(600_000, '10m')
        .argParser(durationMs),
    )
    .option('--html [file]', 'write a heat map to a file (whatif.html)')
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
  const notes = options.html === undefined ? [] : [await writeHeatMap(on, answer, options.html)];
  return { json: () => whatIfJson(answer), text: () => whatIfText(answer, style, nowMs), notes };
}

function judged(on: BoardContext, question: Parameters<typeof whatIf>[1]): Promise<WhatIf> {
  return withProgress(on, (tell) =>
    whatIf(on.board, question, (stage, progress) => {
      tell(stage, progress);
      return new Promise((resolve) => setImmediate(resolve));
    }),
  );
}
