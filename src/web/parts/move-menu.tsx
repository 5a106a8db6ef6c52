/** The menu "Move to…": what may be done with a task, as the server says it. */
import { DropdownMenu } from 'radix-ui';
import { useEffect, useState } from 'react';
import type { PossibleMove } from '../../domain/task/moves.ts';
import { useParts } from '../shell/page-context.ts';
import { moveLooks } from '../state/moves.ts';
import { Glyph, icons } from './icons.tsx';
import { useSpokenMove } from './use-spoken-move.ts';

/** The menu of a card; while it is shut it is no more than its button, since cards are many. */
export function MoveMenu(props: MoveMenuProps) {
  const { taskId, isOpen, onOpen } = props;
  if (isOpen) return <OpenMenu {...props} />;
  return <MenuButton taskId={taskId} aria-haspopup="menu" onClick={() => onOpen(true)} />;
}

function MenuButton({ taskId, ...rest }: { taskId: string } & React.ComponentProps<'button'>) {
  return (
    <button
      type="button"
      className="quiet more"
      tabIndex={-1}
      aria-label={`Move ${taskId} to…`}
      {...rest}
    >
      {icons.more}
    </button>
  );
}

function OpenMenu({ taskId, isOpen, onOpen }: MoveMenuProps) {
  const { ask } = useParts();
  const move = useSpokenMove();
  const [moves, setMoves] = useState<readonly PossibleMove[]>();

  useEffect(() => {
    const control = new AbortController();
    const { signal } = control;
    void ask<Moves>(`/tasks/${taskId}/moves`, { signal }).then((answer) => {
      if (!signal.aborted) setMoves(answer.ok ? answer.value.moves : []);
    });
    return () => control.abort();
  }, [ask, taskId]);

  return (
    <DropdownMenu.Root modal={false} open={isOpen} onOpenChange={onOpen}>
      <DropdownMenu.Trigger asChild>
        <MenuButton taskId={taskId} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={document.querySelector('main')}>
        <DropdownMenu.Content
          className="menu"
          align="end"
          sideOffset={2}
          loop
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            giveBackFocus(taskId);
          }}
        >
          <DropdownMenu.Label className="menu-title">Move {taskId} to…</DropdownMenu.Label>
          {moves === undefined && <p className="menu-note">Asking…</p>}
          {moves
            ?.filter(({ isLegal }) => isLegal)
            .map(({ name }) => (
              <DropdownMenu.Item key={name} onSelect={() => void move(name, taskId)}>
                <Glyph column={moveLooks[name].column} />
                {moveLooks[name].label}
                {moveLooks[name].says !== undefined && '…'}
              </DropdownMenu.Item>
            ))}
          {moves !== undefined && !moves.some(({ isLegal }) => isLegal) && (
            <p className="menu-note">Nothing can be done with it now.</p>
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** To the card the menu belongs to, unless a deed has asked a question meanwhile. */
function giveBackFocus(taskId: string): void {
  if (document.querySelector('dialog[open]') !== null) return;
  document.querySelector<HTMLElement>(`[data-task="${taskId}"]`)?.focus();
}

interface Moves {
  readonly moves: readonly PossibleMove[];
}

interface MoveMenuProps {
  readonly taskId: string;
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean) => void;
}
