/**
 * Behind the slider: how busy the log was, and where something happened that one stops at. It is
 * drawn in positions, as the slider counts, so that what happened stands under the thumb.
 */
import { memo } from 'react';
import { type TurningPoint, turningPoints } from '../../domain/turning-point.ts';
import { useCalm } from '../parts/use-calm.ts';
import { busyness, type Chronicle, type Stretch } from '../state/chronicle.ts';
import { shareOf, timeMarks } from '../state/time-marks.ts';
import type { PastState, PastStore } from './past-store.ts';

const stretchesMax = 240;
/** Signs nearer to each other than this share of the slider cannot be told apart. */
const signPlaces = 600;
const high = 100;
/** Above the density each kind of sign has a lane, in the order in which the bar names them. */
const lane = 14;
const densityTop = lane * turningPoints.length;
const markParts = 8;
/** The log is drawn anew no more often than so while it is read or grows. */
const calmMs = 500;

interface StripProps {
  readonly store: PastStore;
  readonly state: PastState;
}

/** The strip; what is before the position that is shown is darker. */
export function DensityStrip({ store: { chronicle }, state }: StripProps) {
  const { first, last, position, knownTo } = state;
  const calm = useCalm(`${last} ${knownTo}`, calmMs);
  const wide = Math.max(1, last - first);
  return (
    <div className="strip">
      <svg viewBox={`${first} 0 ${wide} ${high}`} preserveAspectRatio="none" aria-hidden="true">
        <Drawing key={calm} chronicle={chronicle} last={last} />
      </svg>
      <span className="shown" style={{ width: `${shareOf(position, first, last) * 100}%` }} />
    </div>
  );
}

/** What the clock said along the slider. */
export function TimeMarks({ store: { chronicle }, state: { last, knownTo } }: StripProps) {
  const calm = useCalm(`${last} ${knownTo}`, calmMs);
  return <Marks key={calm} chronicle={chronicle} last={last} />;
}

interface DrawingProps {
  readonly chronicle: Chronicle;
  readonly last: number;
}

/** Nothing of it moves with the slider. */
const Drawing = memo(
  ({ chronicle, last }: DrawingProps) => (
    <>
      <path className="busy" d={areaOf(busyness(chronicle, last, stretchesMax))} />
      {signsOf(chronicle, last).map(([kind, positions]) => (
        <path key={kind} className={`sign ${kind}`} d={linesAt(kind, positions)} />
      ))}
    </>
  ),
  () => true,
);

const Marks = memo(
  ({ chronicle, last }: DrawingProps) => (
    <ol className="marks" aria-hidden="true">
      {timeMarks(chronicle, last, markParts).map(({ share, words }) => (
        <li key={share} style={{ left: `${share * 100}%` }}>
          {words}
        </li>
      ))}
    </ol>
  ),
  () => true,
);

function areaOf(stretches: readonly Stretch[]): string {
  const tops = stretches.map(({ from, to, busy }) => {
    const y = (high - (high - densityTop) * busy).toFixed(1);
    return `L${from} ${y}L${to} ${y}`;
  });
  return `M${stretches[0]?.from ?? 0} ${high}${tops.join('')}V${high}Z`;
}

function linesAt(kind: TurningPoint, positions: readonly number[]): string {
  const top = lane * turningPoints.indexOf(kind);
  return positions.map((position) => `M${position} ${top}v${lane - 1}`).join('');
}

/** By kind, where something of it happened; of what cannot be told apart, one. */
function signsOf({ turns, first }: Chronicle, last: number) {
  const seen = new Map<TurningPoint, Map<number, number>>();
  for (const { position, kinds } of turns) {
    const place = Math.round(shareOf(position, first, last) * signPlaces);
    for (const kind of kinds) {
      const ofKind = seen.get(kind) ?? new Map<number, number>();
      seen.set(kind, ofKind.set(place, position));
    }
  }
  return [...seen].map(([kind, places]) => [kind, [...places.values()]] as const);
}
