/** How fast a replay goes. */

/** The pace of a replay. */
export interface Pace {
  /** How much faster than it was; see `speedMin` and `speedMax`. */
  readonly speed: number;
  /** The longest wait, ms of the replay's own time; infinite to wait as long as it was. */
  readonly idleMaxMs: number;
}

/** The slowest: as it was. */
export const speedMin = 1;
/** The fastest. */
export const speedMax = 1_000;

/** How long to wait before showing what came so much later, ms. */
export function waitMs(gapMs: number, { speed, idleMaxMs }: Pace): number {
  return Math.min(gapMs / speed, idleMaxMs);
}

const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000] as const;

/** The next speed up, or the fastest. */
export function faster(speed: number): number {
  return steps.find((step) => step > speed) ?? speedMax;
}

/** The next speed down, or the slowest. */
export function slower(speed: number): number {
  return steps.findLast((step) => step < speed) ?? speedMin;
}
