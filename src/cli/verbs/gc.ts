/**
 * `gc`: removes what ended runs left on disk, and thins their heartbeats out of the log, which says
 * so and still verifies. When told to, it also archives: events of closed tasks move into segment
 * files, where every verb still reads them. No other event is ever removed.
 */

import { type Command, Option } from 'commander';
import { exitCodes } from '../../outcome.ts';
import { counted, figure } from '../../wire/counted.ts';
import { countKept, keptBecause, keptLines } from '../kept-leftovers.ts';
import { durationMs } from '../parsers.ts';
import { type Problem, problemJson, problemOf } from '../problem.ts';
import { withProgress } from '../progress.ts';
import { plainLine } from '../sanitize.ts';
import { shortDuration } from '../time.ts';
import type { ArchiveReport, Leftover, ThinReport, ThinWanted, Upkeep } from '../upkeep.ts';
import type { BoardContext, Context, Input, Result, Verb } from '../verb.ts';

interface Options {
  readonly olderThan: number;
  readonly archive?: true;
  readonly dryRun?: true;
}

/** Removes leftovers. */
export const verb: Verb<Options> = {
  configure,
  run,
  examples: [
    ['logboard gc --dry-run', 'what would go: output, scratch workspaces, beats, 30 days old'],
    ['logboard gc --older-than 1d', 'what ended more than a day ago'],
    ['logboard gc --archive', 'and moves old closed tasks into segment files, still readable'],
    ['logboard gc --archive --dry-run', 'how many tasks, events and bytes that would be'],
  ],
};

const defaultMs = 30 * 86_400_000;

function configure(command: Command): void {
  command
    .addOption(
      new Option('--older-than <duration>', 'since the run or task ended')
        .default(defaultMs, '30d')
        .argParser(durationMs),
    )
    .option('--archive', 'move the events of closed tasks into segment files as well')
    .option('--dry-run', 'only say what would be removed');
}

async function run(context: Context, { options }: Input<Options>): Promise<Result> {
  const { dryRun = false, olderThan, archive = false } = options;
  const on = await context.onBoard('read');
  const { directory } = on.place;
  const upkeep = await on.root.upkeep();
  const queries = await on.board.read();
  const beforeMs = on.board.nowMs() - olderThan;
  const all = await upkeep.leftovers(directory);
  const cutoff = { beforeMs, nowMs: on.board.nowMs() };
  const reasons = all.map((each) => keptBecause(each, queries, cutoff));
  const removable = all.filter((_, index) => reasons[index] === undefined);
  const stay = countKept(reasons);
  const remove = (each: Leftover) => (dryRun ? undefined : upkeep.remove(directory, each));
  const { removed, failed } = await removeEach(removable, remove);
  const wanted = { endedBeforeMs: beforeMs, dryRun };
  const thinned = await thin(on, upkeep, wanted);
  const archived = archive ? await moveClosed(on, upkeep, wanted) : null;
  const bytes = removed.reduce((sum, each) => sum + each.bytes, 0);
  return {
    json: () => {
      const kept = all.length - removed.length;
      const problems = failed.map(({ problem, ...each }) => ({ ...each, ...problemJson(problem) }));
      return {
        dryRun,
        removed,
        failed: problems,
        kept,
        keptBecause: stay,
        bytes,
        thinned,
        archived,
      };
    },
    text: () => {
      const did = dryRun ? 'would remove' : 'removed';
      const lines = dryRun ? removable.map(({ kind, path }) => `${kind}  ${plainLine(path)}`) : [];
      const total = `${did} ${removed.length} of ${counted(all.length, 'leftover')}`;
      const what = `${counted(bytes, 'byte')}, older than ${shortDuration(olderThan)}`;
      const moved = archived === null ? [] : archivedLines(archived, dryRun);
      const troubles = failed.map((each) => failedLine(each, context));
      return [
        ...lines,
        ...troubles,
        `${total}: ${what}`,
        ...keptLines(stay),
        thinnedLine(thinned, dryRun),
        ...moved,
      ].join('\n');
    },
    exit: Math.max(exitCodes.done, ...failed.map(({ problem }) => problem.exit)),
  };
}

/** What could not be removed, and why. */
interface Failed extends Leftover {
  readonly problem: Problem;
}

/** One that cannot be removed is in nobody's way. */
async function removeEach(
  leftovers: readonly Leftover[],
  remove: (leftover: Leftover) => Promise<void> | undefined,
): Promise<{ removed: readonly Leftover[]; failed: readonly Failed[] }> {
  const removed: Leftover[] = [];
  const failed: Failed[] = [];
  for (const leftover of leftovers) {
    try {
      await remove(leftover);
      removed.push(leftover);
    } catch (fault) {
      failed.push({ ...leftover, problem: problemOf(fault) });
    }
  }
  return { removed, failed };
}

function failedLine({ kind, path, problem }: Failed, { style }: Context): string {
  const { message, hint } = problem;
  const error = style.paint('bad', 'error');
  return `${kind}  ${plainLine(path)}  ${error}  ${plainLine(message)} ${plainLine(hint)}`;
}

function thin(
  context: BoardContext,
  upkeep: Upkeep,
  wanted: Pick<ThinWanted, 'endedBeforeMs' | 'dryRun'>,
): Promise<ThinReport> {
  const { board, place } = context;
  const whole = { ...wanted, caller: context.caller(), nowMs: board.nowMs() };
  return withProgress(context, (tell) =>
    upkeep.thin(place.directory, whole, (progress) => tell('thinning', progress)),
  );
}

function thinnedLine({ beats, runs }: ThinReport, dryRun: boolean): string {
  const did = dryRun ? 'would thin' : 'thinned';
  const rest = beats === 0 ? '' : '; their times are kept, and the log still verifies';
  return `${did} ${counted(beats, 'heartbeat')} of ${counted(runs, 'run')} out of the log${rest}`;
}

function moveClosed(
  context: BoardContext,
  upkeep: Upkeep,
  wanted: Pick<ThinWanted, 'endedBeforeMs' | 'dryRun'>,
): Promise<ArchiveReport> {
  const { board, place } = context;
  const whole = { ...wanted, caller: context.caller(), nowMs: board.nowMs() };
  return withProgress(context, (tell) => upkeep.archive(place.directory, whole, tell));
}

function archivedLines({ tasks, events, bytes, segments }: ArchiveReport, dryRun: boolean) {
  const did = dryRun ? 'would archive' : 'archived';
  const made = segments.map((each) => segmentLine(each, dryRun));
  const moved = `${counted(events, 'event')} of ${counted(tasks, 'task')}`;
  if (events === 0) return [...made, 'nothing to archive: too little is old enough and over'];
  const line = `${did} ${moved} (${counted(bytes, 'byte')}) out of log.db`;
  const rest = 'still read by every verb; the space in log.db is used again';
  return [...made, `${line}; ${rest}`];
}

function segmentLine(
  { file, from, upTo, events, bytes }: ArchiveReport['segments'][number],
  dryRun: boolean,
): string {
  const range = `positions ${figure(from)} to ${figure(upTo)}`;
  if (dryRun || events === null || bytes === null) return `would copy ${range} into a segment file`;
  return `${file}: ${range}, ${counted(events, 'event')} (${counted(bytes, 'byte')})`;
}
