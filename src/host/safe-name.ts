/** The one check for names that become parts of paths. */
import { HostError } from './host-error.ts';

/** Letters, digits, dot, dash, underscore; not hidden, no option, no way up. */
const safeName = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

/** Returns the name when it can only ever name an entry of the directory it is joined to. */
export function safeNameOf(name: string): string {
  if (!safeName.test(name)) {
    throw new HostError('unsafe_name', `${JSON.stringify(name)} cannot be part of a path`, {
      hint: 'ids hold letters, digits, dots, dashes and underscores only',
    });
  }
  return name;
}
