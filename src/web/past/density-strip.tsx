/** Behind the slider: how busy the log was, and where something happened that one stops at. */
import { memo } from 'react';
import type { TurningPoint } from '../../domain/turning-point.ts';
import { busyness, type Chronicle } from '../state/chronicle.ts';
import type { PastState, PastStore } from './past-store.ts';
import { useCalm } from './use-calm.ts';

const slices = 240;
const high = 22;
/** The log is drawn anew no more often than so while it is read or grows. */
const calmMs = 500;

/** The strip. */
export function DensityStrip({
  store: { chronicle },
  state: { last, knownTo },
}: {
  readonly store: PastStore;
  readonly state: PastState;
}) {
  const calm = useCalm(`${last} ${knownTo}`, calmMs);
  return <Drawing key={calm} chronicle={chronicle} last={last} />;
}

interface DrawingProps {
  readonly chronicle: Chronicle;
  readonly last: number;
}

/** Nothing of it moves with the slider. */
const Drawing = memo(
  ({ chronicle, last }: DrawingProps) => (
    <svg viewBox={`0 0 ${slices} ${high}`} preserveAspectRatio="none" aria-hidden="true">
      <path className="busy" d={areaOf(busyness(chronicle, last, slices))} />
      {signsOf(chronicle, last).map(([kind, place]) => (
        <path key={`${kind} ${place}`} className={`sign ${kind}`} d={`M${place} 0v${high}`} />
      ))}
    </svg>
  ),
  () => true,
);

function areaOf(shares: readonly number[]): string {
  const tops = shares.map((share, index) => {
    const y = high - share * (high - 8);
    return `L${index} ${y.toFixed(1)}L${index + 1} ${y.toFixed(1)}`;
  });
  return `M0 ${high}${tops.join('')}L${slices} ${high}Z`;
}

/** One sign of each kind in each place is all that can be told apart. */
function signsOf({ turns, first }: Chronicle, last: number): readonly [TurningPoint, string][] {
  const seen = new Map<string, [TurningPoint, string]>();
  for (const { position, kinds } of turns) {
    const place = ((position - first) / Math.max(1, last - first)) * slices;
    const rounded = (Math.round(place * 2) / 2).toFixed(1);
    for (const kind of kinds) seen.set(`${kind} ${rounded}`, [kind, rounded]);
  }
  return [...seen.values()];
}
