/** How much of a run's lease is left: the bar on its card. */
import type { RunRecord } from '../../domain/run/record.ts';
import { lastSignAtMs } from '../../domain/run/state.ts';

/** A lease at a moment. */
export interface Lease {
  /** Time left in ms; below zero when it is over. */
  readonly leftMs: number;
  /** What is left of it, from 1 to 0. */
  readonly share: number;
  readonly state: 'calm' | 'suspect' | 'over';
  /** The last sign of life, wall clock, UTC ms. */
  readonly lastSignAtMs: number;
}

/** Below this share a worker has been silent for so long that somebody should look. */
const suspectBelow = 1 / 3;

/** The lease of an open run. */
export function leaseOf({ run, leaseExtendedAtMs, leaseTtlMs }: RunRecord, nowMs: number): Lease {
  const sign = lastSignAtMs(run);
  const leftMs = Math.max(sign, leaseExtendedAtMs ?? 0) + leaseTtlMs - nowMs;
  const share = Math.min(1, Math.max(0, leftMs / leaseTtlMs));
  return { leftMs, share, state: stateOf(leftMs, share), lastSignAtMs: sign };
}

function stateOf(leftMs: number, share: number): Lease['state'] {
  if (leftMs <= 0) return 'over';
  return share < suspectBelow ? 'suspect' : 'calm';
}
