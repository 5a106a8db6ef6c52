/**
 * One self-contained HTML document, to be opened from disk years later: style, script and data are
 * in it, and its policy forbids everything that is not. No request leaves it, whatever is in it.
 *
 * The policy knows style and script by their hashes, so `style="…"` attributes and handlers such as
 * `onclick="…"` do nothing; use classes, attributes of SVG, and listeners.
 */
import { createHash } from 'node:crypto';
import { plainLine } from '../sanitize.ts';
import { escapeMarkup, jsonForScript } from './escape.ts';

/** What a document is made of. */
export interface Page {
  /** Title of the window; any text. */
  readonly title: string;
  /** Markup of the body; whoever made it has put all text through `escapeMarkup`. */
  readonly body: string;
  readonly style: string;
  /** Runs as a module, after the body is there. */
  readonly script?: string;
  /** What the script finds as JSON in the text of the element `#data`. */
  readonly data?: unknown;
}

/** The text of the document. */
export function htmlDocument({ title, body, style, script, data }: Page): string {
  const parts = [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${contentPolicy(style, script)}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapeMarkup(plainLine(title))}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    body,
    ...(data === undefined ? [] : [dataElement(data)]),
    ...(script === undefined ? [] : [`<script type="module">${script}</script>`]),
    '</body>',
    '</html>',
  ];
  return `${parts.join('\n')}\n`;
}

function dataElement(data: unknown): string {
  return `<script type="application/json" id="data">${jsonForScript(data)}</script>`;
}

function contentPolicy(style: string, script: string | undefined): string {
  const scripts = script === undefined ? [] : [`script-src ${hashOf(script)}`];
  const inside = [`style-src ${hashOf(style)}`, ...scripts];
  return ["default-src 'none'", ...inside, "base-uri 'none'", "form-action 'none'"].join('; ');
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
