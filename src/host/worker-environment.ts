/**
 * The environment of a worker: an allow-list, so that a secret of the dispatcher's cannot leak.
 *
 * LOGBOARD_* is never inherited, only given: a dispatcher that was itself started by a worker must
 * not hand on that worker's identity.
 */

type Environment = Readonly<Record<string, string | undefined>>;

/** Names without which ordinary programs do not work. */
const inheritedNames = new Set([
  'PATH',
  'HOME',
  'LANG',
  'TZ',
  'USER',
  'LOGNAME',
  'SHELL',
  'TMPDIR',
  'TERM',
]);

/**
 * Picks what may be inherited from `parent` (the basic names, LC_*, and the `declared` ones) and
 * adds the `given` variables, which win.
 */
export function workerEnvironment(
  parent: Environment,
  declared: readonly string[],
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const [name, value] of Object.entries(parent)) {
    if (value !== undefined && mayInherit(name, declared)) {
      picked[name] = value;
    }
  }
  return { ...picked, ...given };
}

function mayInherit(name: string, declared: readonly string[]): boolean {
  if (name.startsWith('LOGBOARD_')) {
    return false;
  }
  return inheritedNames.has(name) || name.startsWith('LC_') || declared.includes(name);
}
