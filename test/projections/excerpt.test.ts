/** The piece of a text that shows why it was found. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createExcerpt } from '../../projections/search/excerpt.ts';

const filler = 'one two three four five six seven eight nine ten '.repeat(30);

describe('a piece of a text', () => {
  test.each([
    ['a short text is shown whole', ['small'], ['Use the small brush'], 'Use the «small» brush'],
    ['a word that begins like it', ['brus'], ['Use the small brush'], 'Use the small «brush»'],
    ['whatever its capitals', ['SMALL'], ['Use the Small brush'], 'Use the «Small» brush'],
    ['whatever its accents', ['ciel'], ['a Bleu Cïel'], 'a Bleu «Cïel»'],
    ['accents in what is searched', ['cïel'], ['a Bleu Ciel'], 'a Bleu «Ciel»'],
    ['not inside a word', ['mall'], ['Use the small brush'], 'Use the small brush'],
    ['the text with more of the words', ['a', 'b'], ['a c', 'b a'], '«b» «a»'],
    ['the first of those that have as many', ['a'], ['x', 'a y', 'a'], '«a» y'],
    ['words of several parts', ['foo-bar'], ['see foo-bar'], 'see «foo»-«bar»'],
    ['signs alone', ['-', '(['], ['Use (it)'], 'Use (it)'],
    ['no texts', ['a'], [], ''],
    ['a letter of two units', ['𝒳'], ['let 𝒳yz'], 'let «𝒳yz»'],
  ])('%s', (_what, words, texts, expected) => {
    expect(createExcerpt(words)(texts)).toBe(expected);
  });

  test('stands around the words in a long text, cut between words', () => {
    const piece = createExcerpt(['needle'])([`${filler}the needle here ${filler}`]);
    expect(piece).toBe(
      '…four five six seven eight nine ten the «needle» here ' +
        'one two three four five six seven eight nine ten one two three four…',
    );
  });

  test('shows the beginning of a word that is longer than a piece', () => {
    const digits = '0123456789'.repeat(50);
    const piece = createExcerpt(['012'])([`${filler}digest ${digits} ${filler}`]);
    expect(piece).toBe(`…five six seven eight nine ten digest «${digits.slice(0, 80)}»…`);
  });

  test('is where the words stand together, however often one stands alone', () => {
    const text = `${'red '.repeat(500)}${filler} a red needle`;
    expect(createExcerpt(['red', 'needle'])([text])).toMatch(
      /^….{20,} nine ten {2}a «red» «needle»$/,
    );
  });

  test('holds the words of the text and nothing else, and little of a long one', () => {
    const words = fc.array(fc.string({ unit: 'grapheme', maxLength: 6 }), { maxLength: 4 });
    const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 400 }), { maxLength: 3 });
    fc.assert(
      fc.property(words, texts, (wanted, given) => {
        const plain = given.map((text) => text.normalize('NFC').replace(/[«»…]/g, ''));
        const piece = createExcerpt(wanted)(plain);
        const bare = piece.replace(/[«»…]/g, '').normalize('NFD');
        expect(plain.some((text) => text.normalize('NFD').includes(bare)) || bare === '').toBe(
          true,
        );
        expect(bare.length).toBeLessThanOrEqual(120);
      }),
    );
  });
});
