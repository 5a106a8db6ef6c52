/** `boards`: the boards of this user, and the one of this folder. */
import type { Command } from 'commander';
import { type Status, statuses } from '../../domain/readiness.ts';
import { boardJson } from '../../wire/board-json.ts';
import { type BoardPlace, boardDefault, boardPlace } from '../board-place.ts';
import { slugsOf } from '../named-boards.ts';
import { type Problem, problemJson, problemOf } from '../problem.ts';
import { plainLine } from '../sanitize.ts';
import type { Style } from '../style.ts';
import { type Column, renderTable } from '../table.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

/** Lists boards. */
export const verb: Verb = {
  configure,
  run,
  examples: [
    ['logboard boards', 'names, counts, and where they are'],
    ['logboard --board release list', 'use one of them'],
  ],
};

type Seen =
  | (ReturnType<typeof boardJson> & {
      readonly total: number;
      readonly byStatus: Readonly<Record<string, number>>;
      readonly position: number;
    })
  | { readonly board: string; readonly directory: string; readonly problem: Problem };

const shown: readonly Status[] = ['ready', 'running', 'review', 'blocked', 'halted', 'done'];
const columns: readonly Column[] = [
  { head: 'BOARD' },
  { head: 'NAME', stretch: true },
  ...shown.map((status) => ({ head: status.toUpperCase(), align: 'right' }) as const),
];

function configure(_command: Command): void {}

async function run(context: Context, _input: Input<unknown>): Promise<Result> {
  const boards: Seen[] = [];
  for (const place of placesOf(context)) boards.push(await look(context, place));
  return {
    json: () => boards.map(seenJson),
    text: () => (boards.length === 0 ? '' : table(boards, context.style)),
    notes: boards.length === 0 ? ['No boards yet. Make one: logboard init'] : [],
  };
}

/** The board of this folder, then those with a slug, in the order of their names. */
function placesOf({ io, root }: Context): readonly BoardPlace[] {
  const around = { ...io, home: root.home };
  const here = boardPlace(boardDefault, around);
  const named = slugsOf(root.home).map((slug) => boardPlace(slug, around));
  return [here, ...named].filter((place) => root.hasBoard(place.directory));
}

/** A board that cannot be read is part of the list: with what is wrong. */
async function look({ io, root }: Context, place: BoardPlace): Promise<Seen> {
  try {
    const board = await root.openBoard(place.directory, { access: 'read', policy: undefined });
    try {
      const queries = await board.read();
      const { total, byStatus } = queries.stats(io.nowMs());
      const counts = statuses.map((status) => [status, byStatus[status] ?? 0] as const);
      const { position } = board.projections.checkpoint();
      return {
        ...boardJson(place, queries),
        total,
        byStatus: Object.fromEntries(counts),
        position,
      };
    } finally {
      await board.close();
    }
  } catch (fault) {
    return { board: place.label, directory: place.directory, problem: problemOf(fault) };
  }
}

function seenJson(seen: Seen) {
  if (!('problem' in seen)) return seen;
  const { board, directory, problem } = seen;
  return { board, directory, ...problemJson(problem) };
}

function table(boards: readonly Seen[], style: Style): string {
  const rows = boards.map((seen) =>
    'problem' in seen
      ? [seen.board, style.paint('bad', plainLine(seen.problem.message))]
      : [
          seen.board,
          `${plainLine(seen.name ?? '')}${seen.isPaused ? style.paint('warn', ' (paused)') : ''}`,
          ...shown.map((status) => `${seen.byStatus[status] ?? 0}`),
        ],
  );
  return renderTable(columns, rows, style);
}
