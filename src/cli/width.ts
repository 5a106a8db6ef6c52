/** How wide text is on a terminal, and how to make it fit. */
import { stripVTControlCharacters } from 'node:util';

/** Columns a text takes; colours take none. */
export function widthOf(text: string): number {
  if (isNarrow(text)) return text.length;
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

/** Text with blanks around it so that it takes so many columns. */
export function padTo(columns: number, text: string, align: 'left' | 'right'): string {
  const blanks = ' '.repeat(Math.max(0, columns - widthOf(text)));
  return align === 'left' ? text + blanks : blanks + text;
}

/** Most text is: letters, figures and signs of ASCII, and no colours. */
function isNarrow(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

/** Marks that stand on another character, and what only joins characters. */
const combining = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
/** East Asian scripts with their punctuation and full-width forms, and pictures. */
const wide = /^[\p{scx=Han}\p{scx=Hang}\p{scx=Hira}\p{scx=Kana}\p{Emoji_Presentation}！-｠]$/u;

function widthOfCharacter(character: string): number {
  if (combining.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}
