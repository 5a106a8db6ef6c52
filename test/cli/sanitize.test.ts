/** Text from others on a terminal: nothing in it may steer, and JSON may lose nothing of it. */
import { describe, expect, test } from 'vitest';
import { jsonText, plainLine, plainText } from '../../src/cli/sanitize.ts';

/** What programs and people have put into titles, logs and file names to steer a terminal. */
const attacks: readonly (readonly [what: string, text: string, harmless: string])[] = [
  ['a colour', '\x1b[31mred\x1b[0m', 'red'],
  ['a cursor movement', 'a\x1b[2Jb\x1b[1;1Hc', 'abc'],
  ['a C1 control sequence', 'a\u009b31mb', 'ab'],
  ['a clipboard write', 'a\x1b]52;c;cm0gLXJmIC8=\x07b', 'ab'],
  ['a window title', 'a\x1b]0;root@prod\x1b\\b', 'ab'],
  ['a link that lies', '\x1b]8;;https://evil.example\x07docs\x1b]8;;\x07', 'docs'],
  ['a device string', 'a\x1bP$q"p\x1b\\b', 'ab'],
  ['an unfinished command', 'a\x1b]52;c;AAAA', 'a'],
  ['a C1 command', 'a\u009d0;title\u009cb', 'ab'],
  ['a lone escape', 'a\x1bb', 'ab'],
  ['a carriage return', 'rm -rf /\rls', 'rm -rf / ls'],
  ['backspaces', 'safe\b\b\b\bevil', 'safeevil'],
  ['a bell and a NUL', 'a\x07\0b', 'ab'],
  ['a right-to-left override', 'invoice\u202efdp.exe', 'invoicefdp.exe'],
  ['isolates', 'a\u2066b\u2069c', 'abc'],
  ['an arabic letter mark', 'a\u061cb', 'ab'],
  ['invisible characters', 'pay\u200bpal\u2060\ufeff', 'paypal'],
  ['invisible tags', 'hi\u{e0049}\u{e0047}', 'hi'],
  ['a line separator', 'one\u2028two', 'one two'],
  ['half a character', 'a\ud800b', 'ab'],
];

describe('a line for people', () => {
  test.each(attacks)('has no %s in it', (_what, text, harmless) => {
    expect(plainLine(text)).toBe(harmless);
  });

  test('is one line, whatever the text was', () => {
    expect(plainLine('  one\r\n\ttwo\n\n three  ')).toBe('one two three');
  });

  test('keeps the scripts of the world, accents and pictures', () => {
    const text = 'Ünïcödé 日本語 العربية हिन्दी 🚢';
    expect(plainLine(text)).toBe(text);
  });
});

describe('text of several lines', () => {
  test('keeps its line ends and tabs and nothing else that steers', () => {
    expect(plainText('one\r\n\ttwo\x1b[1m!\x07')).toBe('one\n\ttwo!');
  });

  test('loses an unfinished command only up to the end of its line', () => {
    expect(plainText('a\x1b]52;c;AAAA\nb')).toBe('a\nb');
  });
});

describe('JSON', () => {
  test.each(attacks)('says the same with %s in it, and shows nothing of it', (_what, text) => {
    const said = jsonText({ text });

    expect(JSON.parse(said)).toEqual({ text });
    expect(said).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
  });
});
