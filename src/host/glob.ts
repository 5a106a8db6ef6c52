/**
 * Patterns for paths: `*` and `?` inside a name, `**` for any number of directories.
 *
 * Matching takes time in proportion to pattern times path at worst, so no pattern can stall the
 * dispatcher. There are no braces or classes: everything else stands for itself.
 */

/** Whether a relative path matches a relative pattern, name by name. */
export function matchesGlob(pattern: string, path: string): boolean {
  return matchesAll(pattern.split('/'), path.split('/'), {
    isStar: (part) => part === '**',
    matches: matchesName,
  });
}

/** Whether a pattern, or one name of it, stands for more than itself. */
export function isGlob(pattern: string): boolean {
  return /[*?]/.test(pattern);
}

function matchesName(pattern: string, name: string): boolean {
  return matchesAll([...pattern], [...name], {
    isStar: (character) => character === '*',
    matches: (expected, found) => expected === '?' || expected === found,
  });
}

interface Rules {
  /** True for the part that stands for any number of others. */
  isStar(part: string): boolean;
  matches(part: string, found: string): boolean;
}

/** On a mismatch only the last star has to take one more: earlier ones cannot do better. */
function matchesAll(pattern: readonly string[], found: readonly string[], rules: Rules): boolean {
  let at = 0;
  let next = 0;
  let star: { at: number; next: number } | undefined;
  while (next < found.length) {
    const part = pattern[at];
    if (part !== undefined && rules.isStar(part)) {
      star = { at, next };
      at += 1;
    } else if (part !== undefined && rules.matches(part, found[next]!)) {
      at += 1;
      next += 1;
    } else if (star) {
      star.next += 1;
      at = star.at + 1;
      next = star.next;
    } else {
      return false;
    }
  }
  return pattern.slice(at).every(rules.isStar);
}
