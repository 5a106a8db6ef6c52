/** How wide text is on a terminal, and how to make it fit. */
import { stripVTControlCharacters } from 'node:util';

/** Columns a text takes at most: everything beyond Latin, Greek, signs and arrows may be wide. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of stripVTControlCharacters(text)) width += widthOfCharacter(character);
  return width;
}

/** Plain text, cut to so many columns, with a mark where something is missing. */
export function cutTo(columns: number, text: string): string {
  if (widthOf(text) <= columns) return text;
  let width = 1;
  let kept = '';
  for (const character of text) {
    width += widthOfCharacter(character);
    if (width > columns) break;
    kept += character;
  }
  return `${kept}…`;
}

function widthOfCharacter(character: string): number {
  return (character.codePointAt(0) ?? 0) < 0x2e80 ? 1 : 2;
}
