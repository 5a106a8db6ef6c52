/** Patterns for paths. */
import { describe, expect, it } from 'vitest';
import { isGlob, matchesGlob } from '../../src/host/glob.ts';

describe('a pattern', () => {
  it.each([
    ['a.md', 'a.md', true],
    ['a.md', 'a/md', false],
    ['*', 'a', true],
    ['*', 'a/b', false],
    ['*.md', '.md', true],
    ['a*b*c', 'aXbYbZc', true],
    ['a*b*c', 'aXbYbZ', false],
    ['?', '😀', true],
    ['?', '', false],
    ['**', 'a/b/c', true],
    ['a/**/z', 'a/z', true],
    ['a/**/z', 'a/b/c/z', true],
    ['a/**/z', 'a/b/c', false],
    ['**/x/**/y', 'x/x/z/y', true],
    ['**.md', 'a/b.md', false],
    ['[a]', 'a', false],
    ['.', 'a', false],
  ])('%s and the path %s: %s', (pattern, path, expected) => {
    expect(matchesGlob(pattern, path)).toBe(expected);
  });

  it('of many stars does not stall on a long name', () => {
    expect(matchesGlob(`${'*a'.repeat(50)}b`, 'a'.repeat(5_000))).toBe(false);
    expect(matchesGlob(`${'**/a/'.repeat(50)}b`, 'a/'.repeat(5_000))).toBe(false);
  });

  it('is one only if it stands for more than itself', () => {
    expect(isGlob('a/b.md')).toBe(false);
    expect(isGlob('a/*.md')).toBe(true);
  });
});
