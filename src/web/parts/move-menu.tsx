/** The menu "Move to…": what may be done with a task, as the server says it. */
import { DropdownMenu } from 'radix-ui';
import { useState } from 'react';
import { useParts } from '../shell/page-context.ts';
import { type Move, moveLooks } from '../state/moves.ts';
import { Glyph, icons } from './icons.tsx';
import { useSpokenMove } from './use-spoken-move.ts';

/** The menu of a card. */
export function MoveMenu({ taskId, isOpen, onOpen }: MoveMenuProps) {
  const { ask } = useParts();
  const move = useSpokenMove();
  const [moves, setMoves] = useState<readonly Move[]>();

  async function open(isNowOpen: boolean): Promise<void> {
    onOpen(isNowOpen);
    if (!isNowOpen) return;
    const answer = await ask<{ readonly moves: readonly Move[] }>(`/tasks/${taskId}/moves`);
    setMoves(answer.ok ? answer.value.moves : []);
  }

  return (
    <DropdownMenu.Root modal={false} open={isOpen} onOpenChange={(now) => void open(now)}>
      <DropdownMenu.Trigger asChild>
        <button
          type="button"
          className="quiet more"
          tabIndex={-1}
          aria-label={`Move ${taskId} to…`}
        >
          {icons.more}
        </button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="end" sideOffset={2} loop>
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

interface MoveMenuProps {
  readonly taskId: string;
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean) => void;
}
