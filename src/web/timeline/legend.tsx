/** A key for each kind that occurs, drawn by the same hand as the chart. */
import type { CSSProperties } from 'react';
import { type MarkLook, markLooks, type SegmentLook, segmentLooks } from '../../gantt/looks.mjs';
import type { Life, Sign } from '../../gantt/rows.mjs';

interface LegendProps {
  readonly lives: readonly Life[];
  readonly around: readonly Sign[];
}

/** The legend. */
export function Legend({ lives, around }: LegendProps) {
  const bars = new Set(lives.flatMap((life) => life.bars.map(({ kind }) => kind)));
  const signs = new Set([...lives.flatMap((life) => life.signs), ...around].map((s) => s.kind));
  return (
    <ul className="legend">
      {Object.entries(segmentLooks).map(
        ([kind, look]) =>
          bars.has(kind) && (
            <Key key={kind} look={look}>
              <rect x="1" y="1" width="22" height="12" className={`swatch ${look.pattern}`} />
              {look.pattern in lines && (
                <path d={lines[look.pattern as keyof typeof lines]} className="lines" />
              )}
            </Key>
          ),
      )}
      {Object.entries(markLooks).map(
        ([kind, look]) =>
          signs.has(kind) && (
            <Key key={kind} look={look}>
              <path d={look.shape} className="mark" />
            </Key>
          ),
      )}
    </ul>
  );
}

function Key({
  look,
  children,
}: {
  readonly look: SegmentLook | MarkLook;
  readonly children: React.ReactNode;
}) {
  const colours = { '--colour': `light-dark(${look.light}, ${look.dark})` } as CSSProperties;
  return (
    <li>
      <svg width="24" height="14" aria-hidden="true" style={colours}>
        {children}
      </svg>
      {look.word}
    </li>
  );
}

const lines = {
  hatched: 'M1 7 7 1M1 13 13 1M7 13 19 1M13 13 23 3M19 13 23 9',
  crossed: 'M1 7 7 1M1 13 13 1M7 13 19 1M13 13 23 3M7 1 19 13M13 1 23 11M1 1 13 13M1 7 7 13',
  striped: 'M5 1V13M9 1V13M13 1V13M17 1V13M21 1V13',
} as const;
