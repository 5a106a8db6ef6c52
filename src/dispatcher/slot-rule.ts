/** Whose a slot is, and when that of a dead process is free. */
import type { ProbeResult, ProcessIdentity, Slot } from './ports.ts';

/**
 * Whether the holder of a slot is dead and nobody will give the slot back. The launcher of a worker
 * may be dead while what it started goes on: the dispatchers of its board attend to that, and free
 * the slot once nothing is left. Of other boards nobody knows whether they have dispatchers.
 */
export function isAbandoned({ nonce, boardDirectory, holder }: Slot, by: Beholder): boolean {
  const { verdict, because } = by.probe(holder);
  if (verdict !== 'dead') return false;
  const isAttendedTo = holder.nonce === nonce && boardDirectory === by.boardDirectory;
  return !isAttendedTo || because === 'other_boot';
}

/** Who looks at a slot: for which board, and with which eyes. */
interface Beholder {
  readonly boardDirectory: string;
  probe(holder: ProcessIdentity): ProbeResult;
}

/** Whether this very process holds the slot: after a restart another one may have its pid. */
export function isHeldBy({ holder }: Slot, self: ProcessIdentity): boolean {
  const { pid, startTime, bootId } = self;
  return holder.pid === pid && holder.startTime === startTime && holder.bootId === bootId;
}
