/** Lines of a screen, put together from pieces and never wider than it is. */
import type { Style, Tone } from '../style.ts';
import { cutTo, padTo, widthOf } from '../width.ts';

/** Plain text, and how it stands out. */
export interface Piece {
  readonly text: string;
  readonly tone?: Tone | undefined;
}

/** The pieces side by side, cut to so many columns. */
export function lineOf(pieces: readonly Piece[], columns: number, style: Style): string {
  let left = columns;
  let line = '';
  for (const { text, tone } of pieces) {
    if (left <= 0) break;
    const shown = cutTo(left, text);
    left -= widthOf(shown);
    line += tone === undefined ? shown : style.paint(tone, shown);
  }
  return line;
}

/** Text of exactly so many columns. */
export function exactly(columns: number, text: string, align: 'left' | 'right' = 'left'): string {
  return padTo(columns, cutTo(columns, text), align);
}
