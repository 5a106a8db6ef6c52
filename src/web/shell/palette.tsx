/** Commands and tasks by typing a part of their names. */
import { useId, useMemo, useState } from 'react';
import { Overlay } from '../parts/overlay.tsx';
import { usePaletteCommands } from './use-palette-commands.ts';

const shownMax = 12;

/** The palette. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const [words, setWords] = useState('');
  const [chosen, setChosen] = useState(0);
  const listId = useId();
  const commands = usePaletteCommands();
  const found = useMemo(() => {
    const parts = words.toLowerCase().split(/\s+/).filter(Boolean);
    const matches = (text: string) => parts.every((part) => text.toLowerCase().includes(part));
    return commands.filter(({ title, hint }) => matches(`${title} ${hint}`)).slice(0, shownMax);
  }, [commands, words]);

  function act(index: number): void {
    const command = found[index];
    if (command === undefined) return;
    onClose();
    command.act();
  }

  return (
    <Overlay label="Commands" className="palette" onClose={onClose}>
      <input
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={found.length > 0 ? `${listId}-${chosen}` : undefined}
        aria-label="Command or task"
        placeholder="Command or task"
        value={words}
        onChange={({ target }) => {
          setWords(target.value);
          setChosen(0);
        }}
        onKeyDown={(event) => {
          const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
          if (step !== undefined) {
            event.preventDefault();
            setChosen((found.length + chosen + step) % Math.max(1, found.length));
          }
          if (event.key === 'Enter') act(chosen);
        }}
      />
      <div role="listbox" id={listId} aria-label="Commands and tasks">
        {found.map(({ key, title, hint }, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys
          <div
            key={key}
            id={`${listId}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            onClick={() => act(index)}
          >
            <span>{title}</span>
            <small>{hint}</small>
          </div>
        ))}
      </div>
      {found.length === 0 && <p className="none">Nothing is called so.</p>}
    </Overlay>
  );
}
