/** A log that is damaged is kept as it was found, once, before anything else is said about it. */
import { describeFault } from '../outcome.ts';
import type { Context } from './verb.ts';

/** Does something with a board; the fault that ends it is thrown on, the damage kept beside it. */
export async function keepingDamage<T>(context: Context, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (fault) {
    if (describeFault(fault).code === 'log_damaged') await quarantine(context);
    throw fault;
  }
}

async function quarantine({ root, io, talk, place }: Context): Promise<void> {
  const kept = await root.quarantine(place.directory);
  if (kept === undefined) return;
  io.stderr.write(`${talk.paint('warn', `The damaged log was copied to ${kept}`)}\n`);
}
