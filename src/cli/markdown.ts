/** Other people's text inside Markdown: shown as it is, whatever it tries. */
import { plainLine } from './sanitize.ts';

/** What Markdown, the HTML inside it, or a forge that shows it takes for its own within a line. */
const special = /[\\`*_[\]<>|~$@&]/g;

/** Characters with a meaning even behind a backslash: a mention, and the beginning of an entity. */
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '@': '&#64;' };

/** One line of text as Markdown that shows just this, behind the beginning of a line. */
export function markdownText(text: string): string {
  return escaped(plainLine(text));
}

function escaped(line: string): string {
  return line.replace(special, (char) => entities[char] ?? `\\${char}`);
}

/** The same for sentences of ours, where commands stand in backticks: they stay code. */
export function markdownProse(text: string): string {
  const parts = plainLine(text).split('`');
  if (parts.length % 2 === 0) return markdownText(text);
  return parts.map((part, index) => (index % 2 === 0 ? escaped(part) : `\`${part}\``)).join('');
}

/** A table; its cells are Markdown already. */
export function markdownTable(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}
