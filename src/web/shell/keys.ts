/** Keys of the page: one press or two after each other, never while somebody writes. */
import { useEffect, useRef } from 'react';

/** What a key does, and how the help calls it. */
export interface KeyBinding {
  /** As `event.key`, with `Mod+` for Ctrl or ⌘; two keys after each other with a space. */
  readonly keys: string;
  readonly what: string;
  readonly act: () => void;
}

const sequenceMs = 1_000;

/** Listens for these keys while the component is on the screen. */
export function useKeys(bindings: readonly KeyBinding[]): void {
  const current = useRef(bindings);
  useEffect(() => {
    current.current = bindings;
  });
  useEffect(() => {
    let before = { key: '', atMs: 0 };
    const press = (event: KeyboardEvent) => {
      const key = nameOf(event);
      if (isElsewhere(event, key)) return;
      const isSequence = event.timeStamp - before.atMs < sequenceMs;
      const pair = isSequence ? `${before.key} ${key}` : '';
      before = { key, atMs: event.timeStamp };
      const binding =
        current.current.find(({ keys }) => keys === pair) ??
        current.current.find(({ keys }) => keys === key);
      if (binding === undefined) return;
      event.preventDefault();
      binding.act();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}

function nameOf(event: KeyboardEvent): string {
  const mod = event.ctrlKey || event.metaKey ? 'Mod+' : '';
  return `${mod}${event.key.length === 1 ? event.key.toLowerCase() : event.key}`;
}

/** Whether the key belongs to what has the focus: a field, a menu, an open dialog. */
function isElsewhere(event: KeyboardEvent, key: string): boolean {
  if (event.altKey || event.defaultPrevented) return true;
  if (key.startsWith('Mod+') && key !== 'Mod+k') return true;
  if (document.querySelector('dialog[open], [role="menu"]') !== null) return true;
  const { target } = event;
  if (!(target instanceof HTMLElement)) return false;
  const isField = target.matches('input, textarea, select, [contenteditable]');
  const isOwnKey = target.matches('button, a, summary') && ['Enter', ' '].includes(event.key);
  return (isField && key !== 'Mod+k') || isOwnKey;
}
