/** The past for those parts of the page that move it; there is none while the page is live. */
import { createContext, useContext } from 'react';
import type { PastStore } from './past-store.ts';

/** Carries the past. */
export const PastContext = createContext<PastStore | undefined>(undefined);

/** The past that is looked at; undefined in the present. */
export function usePast(): PastStore | undefined {
  return useContext(PastContext);
}
