/**
 * Makes other people's text fit for a terminal. A title is written by anybody, an agent included;
 * printed raw it could move the cursor, set the clipboard or turn the line around.
 */
import { stripVTControlCharacters } from 'node:util';

/**
 * Everything that steers instead of showing: controls, marks and overrides of writing direction,
 * invisible joiners and tags, line and paragraph separators, halves of surrogate pairs.
 */
const steering = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** What begins a command to the terminal that carries text of its own, such as a clipboard's. */
const introducer = String.raw`(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])`;

/** Such a command: to its terminator, or to the end of the line when that is missing. */
const carrier = new RegExp(String.raw`${introducer}[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?`, 'g');

/** Text of several lines: line ends and tabs stay. */
export function plainText(text: string): string {
  return stripVTControlCharacters(text.replace(carrier, '')).replace(steering, '');
}

/** Text for one line: every run of blanks, tabs and line ends becomes one space. */
export function plainLine(text: string): string {
  return plainText(text.replace(/[\r\n\p{Zl}\p{Zp}]+/gu, '\n'))
    .replace(/\s+/g, ' ')
    .trim();
}

/**
 * JSON text for stdout. It says the same as `JSON.stringify`, with every steering character as an
 * escape: what a program reads is untouched, and what a terminal shows is harmless.
 */
export function jsonText(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, null, indent) ?? 'null';
  return text.replace(steering, escaped);
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
