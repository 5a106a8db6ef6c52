/** What the palette offers: deeds of the page, and every task by its title. */
import { useMemo } from 'react';
import type { MoveName } from '../../domain/task/moves.ts';
import { useSpokenMove } from '../parts/use-spoken-move.ts';
import { viewNames } from '../state/address.ts';
import { groupings } from '../state/columns.ts';
import { noFilter } from '../state/filter.ts';
import { moveLooks } from '../state/moves.ts';
import { type PageParts, useLooking, useParts } from './page-context.ts';
import { chooseTheme, themes } from './theme.ts';
import { useChooseMatching } from './use-choose-matching.ts';
import { useKnownBoards } from './use-known-boards.ts';
import { useLegalMoves } from './use-legal-moves.ts';

/** One line of the palette. */
export interface PaletteCommand {
  readonly key: string;
  readonly title: string;
  readonly hint: string;
  readonly act: () => void;
}

/** Everything that can be typed for. */
export function usePaletteCommands(): readonly PaletteCommand[] {
  const parts = useParts();
  const { address, look } = useLooking();
  const move = useSpokenMove();
  const { taskId, at } = address;
  const { boards } = useKnownBoards();
  const legal = useLegalMoves(taskId === null ? [] : [taskId]);
  const chooseMatching = useChooseMatching();
  return useMemo(() => {
    const filter = { ...address.filter, archived: !address.filter.archived };
    return [
      ...(taskId === null ? [] : taskCommands(taskId, legal, move)),
      ...(parts.canWrite && chooseMatching !== undefined
        ? [line('Choose all that match the filter', 'filters', () => void chooseMatching())]
        : []),
      ...viewNames.map((view) => line(`Go to ${view}`, 'views', () => look({ view }))),
      line(at === null ? 'Look at the past' : 'Back to live', 'views', () =>
        look({ at: at === null ? parts.live.fold().position() : null }),
      ),
      ...boards.flatMap(({ name, address: url, isThis }) =>
        isThis || url === null
          ? []
          : line(`Go to the board ${name}`, 'boards', () => location.assign(url)),
      ),
      line('Show everything', 'filters', () => look({ filter: noFilter, grouping: 'none' })),
      line(address.filter.archived ? 'Hide archived tasks' : 'Show archived tasks', 'filters', () =>
        look({ filter }),
      ),
      ...groupings.map((grouping) =>
        line(`Group by ${grouping}`, 'groups', () => look({ grouping })),
      ),
      // What does something to everybody is never the first that Enter would do.
      ...(parts.canWrite ? deedCommands(parts) : []),
      ...themes.map((theme) => line(`Colours: ${theme}`, 'page', () => chooseTheme(theme))),
      ...[...parts.live.fold().tasks.values()].map(({ taskId: id, task }) => ({
        key: id,
        title: task.title,
        hint: id,
        act: () => look({ taskId: id }),
      })),
    ];
  }, [parts, address, look, move, taskId, at, boards, legal, chooseMatching]);
}

function taskCommands(
  taskId: string,
  legal: ReadonlySet<MoveName>,
  move: (name: MoveName, taskId: string) => Promise<void>,
): readonly PaletteCommand[] {
  return (Object.keys(moveLooks) as MoveName[])
    .filter((name) => legal.has(name))
    .map((name) => line(moveLooks[name].label, taskId, () => void move(name, taskId)));
}

function deedCommands({ deeds, live, notices }: PageParts): readonly PaletteCommand[] {
  const { isPaused } = live.fold().board();
  const toggle = async () => {
    const answer = await (isPaused ? deeds.resume() : deeds.pause());
    if (!answer.ok) notices.complain(answer.problem.detail, answer.problem.hint);
  };
  return [
    line(isPaused ? 'Resume the dispatcher' : 'Pause the dispatcher', 'board', () => void toggle()),
  ];
}

function line(title: string, hint: string, act: () => void): PaletteCommand {
  return { key: `${hint} ${title}`, title, hint, act };
}
