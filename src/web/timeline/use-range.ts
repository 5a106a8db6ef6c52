/** The range of time that was chosen: at hand at once, in the address a moment later. */
import { useEffect, useRef, useState } from 'react';
import type { Span } from '../../gantt/view.mjs';
import { useLooking } from '../shell/page-context.ts';

/** A range grows with every pixel; a browser takes an address only so often. */
const settledMs = 300;

/** The range, and how to choose another; undefined is all of the time. */
export function useRange(): readonly [Span | undefined, (range: Span | undefined) => void] {
  const { address, look } = useLooking();
  const [range, setRange] = useState(address.range);
  const said = useRef(address.range);
  const { range: elsewhere } = address;

  useEffect(() => {
    if (isSame(elsewhere, said.current)) return;
    said.current = elsewhere;
    setRange(elsewhere);
  }, [elsewhere]);
  useEffect(() => {
    if (isSame(range, said.current)) return;
    const timer = setTimeout(() => {
      said.current = range;
      look({ range }, 'replace');
    }, settledMs);
    return () => clearTimeout(timer);
  }, [range, look]);

  return [range ?? undefined, (next) => setRange(next === undefined ? null : rounded(next))];
}

/** As the address writes it. */
function rounded({ fromAtMs, toAtMs }: Span): Span {
  return { fromAtMs: Math.round(fromAtMs), toAtMs: Math.round(toAtMs) };
}

function isSame(one: Span | null, other: Span | null): boolean {
  return one?.fromAtMs === other?.fromAtMs && one?.toAtMs === other?.toAtMs;
}
