/** Sentences in lines that fit. */
import { widthOf } from './width.ts';

/** Wider lines are hard to read, however wide the terminal is. */
export const columnsMax = 80;

/**
 * The text in lines of at most so many columns, 80 at most. What stands in backticks is never
 * broken: somebody will copy it.
 */
export function wrapped(text: string, columns: number): readonly string[] {
  return filled(text.match(/\S*`[^`]*`\S*|\S+/g) ?? [], columns);
}

/** The same for words that are not broken, whatever they hold. */
export function filled(words: readonly string[], columns: number): readonly string[] {
  const room = Math.min(columns, columnsMax);
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && widthOf(longer) > room) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}
