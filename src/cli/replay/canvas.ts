/** A screen that is drawn over and over: only lines that changed are sent, and nothing scrolls. */
import type { Terminal } from '../io.ts';

/** Somewhere to draw. */
export interface Canvas {
  /** Shows these lines, from the top. */
  draw(lines: readonly string[]): void;
  /** Forgets what is on the screen: the next drawing sends all of it. */
  forget(): void;
}

const eraseRest = '\x1b[K';
const eraseScreen = '\x1b[2J';

/** A canvas over a terminal whose screen is ours. */
export function createCanvas(terminal: Pick<Terminal, 'write' | 'rows'>): Canvas {
  let onScreen: readonly string[] | undefined;

  function draw(lines: readonly string[]): void {
    const shown = lines.slice(0, terminal.rows);
    const changed = [...shown.entries()].filter(([row, line]) => onScreen?.[row] !== line);
    const start = onScreen === undefined ? eraseScreen : '';
    onScreen = shown;
    const text = changed.map(([row, line]) => `\x1b[${row + 1};1H${line}${eraseRest}`).join('');
    if (start + text !== '') terminal.write(start + text);
  }

  return {
    draw,
    forget: () => {
      onScreen = undefined;
    },
  };
}
