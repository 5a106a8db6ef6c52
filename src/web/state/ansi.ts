/**
 * What a worker printed, as pieces of text with a look. Colours and weights are understood; every
 * other control sequence is dropped, and so are control characters and marks that turn text around:
 * a log cannot pretend to be something else.
 */

/** Text that looks the same all along. */
export interface Piece {
  readonly text: string;
  /** Such as `red bold`; empty for plain text. */
  readonly look: string;
}

const colours = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;

/** One escape sequence: CSI, OSC with its end, or any other of two characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const sequence = /\u001b\[([0-9;:]*)([@-~])|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b./g;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

interface Look {
  readonly colour: string;
  readonly isBold: boolean;
  readonly isFaint: boolean;
}

const plain: Look = { colour: '', isBold: false, isFaint: false };

/** The pieces of a text, in order. */
export function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let look = plain;
  let from = 0;
  const add = (upTo: number) => {
    const clean = shown(text.slice(from, upTo));
    if (clean !== '') pieces.push({ text: clean, look: wordsOf(look) });
  };
  for (const match of text.matchAll(sequence)) {
    add(match.index);
    from = match.index + match[0].length;
    if (match[2] === 'm') look = lookAfter(look, match[1] ?? '');
  }
  add(text.length);
  return pieces;
}

function shown(text: string): string {
  return text.split('\n').map(asLeft).join('\n').replace(unseen, '');
}

/**
 * A line that was written over is told as it was last. Step by step: a pattern for it takes time
 * with the square of the length, and workers print JSON in lines of a MiB.
 */
function asLeft(line: string): string {
  let end = line.length;
  while (line[end - 1] === '\r') end -= 1;
  return end === 0 ? '' : line.slice(line.lastIndexOf('\r', end - 1) + 1, end);
}

function lookAfter(look: Look, codes: string): Look {
  let next = look;
  const numbers = codes.split(/[;:]/).map(Number);
  for (const [index, code] of numbers.entries()) {
    // 38 and 48 begin colours of a larger palette; what follows them is not ours.
    if (code === 38 || code === 48) return numbers.length > index + 1 ? next : look;
    if (code === 0) next = plain;
    else if (code === 1) next = { ...next, isBold: true };
    else if (code === 2) next = { ...next, isFaint: true };
    else if (code === 22) next = { ...next, isBold: false, isFaint: false };
    else if (code === 39) next = { ...next, colour: '' };
    else next = { ...next, colour: colourOf(code) ?? next.colour };
  }
  return next;
}

function colourOf(code: number): string | undefined {
  if (code >= 30 && code <= 37) return colours[code - 30];
  return code >= 90 && code <= 97 ? colours[code - 90] : undefined;
}

function wordsOf({ colour, isBold, isFaint }: Look): string {
  return [colour, isBold ? 'bold' : '', isFaint ? 'dim' : ''].filter(Boolean).join(' ');
}
