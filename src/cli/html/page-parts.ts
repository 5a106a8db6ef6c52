/**
 * The parts of a page that stand in files beside the code: styles, and scripts for the browser.
 *
 * A script is written as small modules that import each other, so that tests can import them too. A
 * page opened from disk can load none of them: they are put into one text, each after those it
 * needs. They share one scope there, so no two of them may declare the same name.
 */
import { readFileSync } from 'node:fs';

/** `import { a, b } from './beside.mjs';`, on one line or on several. */
const importing = /^import\s[^;]*?from '(?<path>\.[^']+)';\n/gm;
/** What the compiler adds below a file that it copies. */
const sourceMap = /^\/\/# sourceMappingURL=.*\n?/gm;

const palettes = ['../../gantt/palette.css', './palette.css'].map(
  (path) => new URL(path, import.meta.url),
);

/** The text of a style, after the colours of all pages. Throws when a file is missing. */
export function readStyle(url: URL): string {
  return [...palettes, url].map((each) => readFileSync(each, 'utf8')).join('');
}

/** The text of a script with all it imports. Throws when a file is missing. */
export function readScript(url: URL): string {
  const texts: string[] = [];
  const seen = new Set<string>();
  gather(url, seen, texts);
  return texts.join('\n');
}

function gather(url: URL, seen: Set<string>, texts: string[]): void {
  if (seen.has(url.href)) return;
  seen.add(url.href);
  const text = readFileSync(url, 'utf8');
  for (const { groups } of text.matchAll(importing)) {
    gather(new URL(groups?.['path'] ?? '', url), seen, texts);
  }
  texts.push(alone(text));
}

/** The module's text without what ties it to other files. */
function alone(text: string): string {
  return text
    .replace(importing, '')
    .replace(sourceMap, '')
    .replace(/^export (?=(async )?function|const|class)/gm, '');
}
