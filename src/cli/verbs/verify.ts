/** `verify`: proves that nothing was changed or lost, and that the tables are what the log says. */
import { type Command, Option } from 'commander';
import { exitCodes } from '../../outcome.ts';
import { counted } from '../../wire/counted.ts';
import { type PastMoment, pastMoment } from '../past-moment.ts';
import { problemLines } from '../problem-lines.ts';
import { withProgress } from '../progress.ts';
import { plainLine } from '../sanitize.ts';
import type { Style } from '../style.ts';
import type { VerifyReport } from '../upkeep.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

interface Options {
  readonly since?: PastMoment;
}

/** Verifies the board. */
export const verb: Verb<Options> = {
  configure,
  run,
  examples: [
    [
      'logboard verify',
      'hash chain, invariants, and tables against a fold of the log; exit 9 if not',
    ],
    ['logboard verify --since -1d', 'only what was written since: no tables, nothing older'],
    [
      'logboard verify --json | jq .hash',
      'a hash to keep elsewhere: nobody can forge a log under it',
    ],
  ],
};

function configure(command: Command): void {
  command.addOption(
    new Option(
      '--since <moment>',
      'check from here on, on top of what stands before: a position, 10:02, -2h, ISO time',
    ).argParser(pastMoment),
  );
}

async function run(context: Context, { options }: Input<Options>): Promise<Result> {
  const { directory } = context.existingPlace();
  const upkeep = await context.root.upkeep();
  const nowMs = context.io.nowMs();
  const wanted = { since: options.since?.from(nowMs), nowMs };
  const report = await withProgress(context, (tell) => upkeep.verify(directory, wanted, tell));
  if (report.refused) return report;
  const { refused: _, ...found } = report;
  const isSound = report.problems.length === 0;
  const firstBad = firstBadOf(report);
  const { style } = context;
  return {
    json: () => ({ ok: isSound, ...found, firstBad }),
    text: () =>
      [
        verdict(report, style),
        ...badEvent(firstBad),
        ...problemLines(report.problems),
        unchecked(report),
      ]
        .filter((line) => line !== '')
        .join('\n'),
    exit: isSound ? exitCodes.done : exitCodes.difference,
  };
}

function verdict({ position, since, problems }: VerifyReport, style: Style): string {
  const events = counted(Math.max(0, position - since + 1), 'event');
  if (problems.length > 0) {
    const found = `${counted(problems.length, 'problem')}, read up to position ${position}`;
    return `${style.paint('bad', '✗ not sound')}  ${found}`;
  }
  const rows = since === 1 ? ', every row' : '';
  return `${style.paint('good', '✓ sound')}  ${events}, every hash, every invariant${rows}`;
}

/** The first problem that has a place in the log. */
function firstBadOf({ problems }: VerifyReport) {
  const first = problems.find(({ position }) => position !== null);
  if (first === undefined) return null;
  const unknown = { position: first.position, stream: null, version: null, type: null, id: null };
  return first.event ?? unknown;
}

function badEvent(bad: ReturnType<typeof firstBadOf>): readonly string[] {
  if (bad === null) return [];
  if (bad.stream === null) return [`  first bad event: position ${bad.position}, not to be read`];
  const { position, stream, version, type, id } = bad;
  const name = `${plainLine(stream)}@${version}  ${plainLine(type)}  ${plainLine(id)}`;
  return [`  first bad event: position ${position}  ${name}`];
}

/** What nobody looked at must not pass for sound. */
function unchecked({ since }: VerifyReport): string {
  if (since === 1) return '';
  return `  not checked: ${counted(since - 1, 'event')} before position ${since}, and the tables`;
}
