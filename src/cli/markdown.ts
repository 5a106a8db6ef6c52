/** Other people's text inside Markdown: shown as it is, whatever it tries. */
import { plainLine } from './sanitize.ts';

/** What Markdown, the HTML inside it, or a forge that shows it takes for its own within a line. */
const special = /[\\`*_[\]<>|~$@&]/g;

/** Characters with a meaning even behind a backslash: a mention, and the beginning of an entity. */
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '@': '&#64;' };

/** One line of text as Markdown that shows just this, behind the beginning of a line. */
export function markdownText(text: string): string {
  return plainLine(text).replace(special, (char) => entities[char] ?? `\\${char}`);
}

/** A table; its cells are Markdown already. */
export function markdownTable(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}
