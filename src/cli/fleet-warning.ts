/** What operators should know of the process that dispatches, whatever else they asked to see. */
import type { Fleet } from './root.ts';
import { plainLine } from './sanitize.ts';
import type { Context } from './verb.ts';

/** Says it on stderr, in front of everything else; says nothing when all is well. */
export function tellWarning({ io, talk }: Context, { warning }: Pick<Fleet, 'warning'>): void {
  if (warning === undefined) return;
  io.stderr.write(`${talk.paint('warn', 'warning')}  ${plainLine(warning)}\n`);
}
