/**
 * Seals the log of a board now and then: an event `LogSealed` says which hash it had at a position.
 * On a cluster each host computes the chain for itself, so the seals of one tell the others that
 * they have read the same.
 */
import type { Board } from '../app/board.ts';
import type { Commands } from '../app/commands.ts';
import type { Timers } from '../log/ports.ts';
import { describeFault } from './acts.ts';
import type { Report } from './ports.ts';

/** What sealing works with. */
export interface SealingDeps {
  readonly board: Pick<Board, 'log'>;
  readonly commands: Pick<Commands, 'sealLog'>;
  readonly timers: Timers;
  readonly report: Report;
}

/** How often it is looked whether a seal is due, ms. */
const lookEveryMs = 30_000;

/**
 * Begins to look whether a seal is due, which the board decides: of several dispatchers, one is
 * first. Returns the way to stop, which resolves when nothing is under way any more.
 */
export function keepSealed({ board, commands, timers, report }: SealingDeps): () => Promise<void> {
  let looking: Promise<void> = Promise.resolve();
  let isStopped = false;
  let cancel = () => {};

  function wait(): void {
    if (isStopped) return;
    const begin = () => {
      looking = look();
    };
    cancel = timers.after(lookEveryMs, begin, 'background');
  }

  async function look(): Promise<void> {
    try {
      const { position: upTo, hash: digest } = await board.log.head();
      await commands.sealLog({ upTo, digest });
    } catch (fault) {
      report('fault', { subject: 'seal', problem: describeFault(fault) });
    }
    wait();
  }

  wait();
  return async () => {
    isStopped = true;
    cancel();
    await looking;
  };
}
