/** The live board and the clock, as components see them: they render again when it matters. */
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Look } from '../state/live-board.ts';
import { useParts } from './page-context.ts';

/** The board; another object, and a new rendering, whenever something changed on it. */
export function useBoard(): Look {
  const { live } = useParts();
  return useSyncExternalStore(live.subscribe, live.look);
}

/** The clock, UTC ms; renders again after so many ms. In the past it goes with the board. */
export function useNow(everyMs: number): number {
  const { nowMs, canWrite } = useParts();
  const [now, setNow] = useState(nowMs);
  useEffect(() => {
    const timer = setInterval(() => setNow(nowMs()), everyMs);
    return () => clearInterval(timer);
  }, [nowMs, everyMs]);
  return canWrite ? now : nowMs();
}
