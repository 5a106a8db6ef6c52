/** Which board this is, and the way to the others of this machine. */
import { DropdownMenu } from 'radix-ui';
import type { KnownBoard } from '../api/known-board.ts';
import { icons } from '../parts/icons.tsx';
import { useParts } from './page-context.ts';
import { useKnownBoards } from './use-known-boards.ts';

/** The name of the board; where there are others, a menu of them. */
export function BoardSwitcher() {
  const { label } = useParts();
  const { boards, again } = useKnownBoards();
  if (boards.length < 2) return <span className="label">{label}</span>;
  return (
    <DropdownMenu.Root modal={false} onOpenChange={(isOpen) => isOpen && again()}>
      <DropdownMenu.Trigger asChild>
        <button type="button" className="quiet switcher" title="Other boards of this machine">
          <span className="label">{label}</span>
          <span className="unseen">, other boards</span>
          {icons.unfold}
        </button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={document.querySelector('main')}>
        <DropdownMenu.Content className="menu boards" align="start" sideOffset={2} loop>
          <DropdownMenu.Label className="menu-title">Boards of this machine</DropdownMenu.Label>
          {boards.map((board) => (
            <Row key={`${board.slug} ${board.name} ${board.address}`} board={board} />
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function Row({ board: { slug, name, address, isThis } }: { readonly board: KnownBoard }) {
  if (isThis || address === null) {
    return (
      <DropdownMenu.Item disabled className={isThis ? 'this' : ''}>
        <span className="name">{name}</span>
        <small>{isThis ? 'this board' : `not served: logboard serve --board ${slug}`}</small>
      </DropdownMenu.Item>
    );
  }
  return (
    <DropdownMenu.Item asChild>
      <a href={address}>
        <span className="name">{name}</span>
        <small>{new URL(address).host}</small>
      </a>
    </DropdownMenu.Item>
  );
}
