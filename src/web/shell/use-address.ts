/** The address of the browser as what is looked at. */
import { useCallback, useEffect, useState } from 'react';
import { type Address, addressOf, searchOf } from '../state/address.ts';
import type { Looking } from './page-context.ts';

/** Reads the address and writes it; the back button goes back to what was looked at. */
export function useAddress(): Looking {
  const [address, setAddress] = useState(() => addressOf(location.search));

  useEffect(() => {
    const read = () => setAddress(addressOf(location.search));
    addEventListener('popstate', read);
    return () => removeEventListener('popstate', read);
  }, []);

  const look = useCallback((change: Partial<Address>, how?: 'replace') => {
    // Another task is asked for by itself, and not why it stands where it stands.
    const anew = 'taskId' in change ? { isWhy: false } : {};
    const next = { ...addressOf(location.search), ...anew, ...change };
    const url = `${location.pathname}${searchOf(next)}`;
    if (how === 'replace') history.replaceState(null, '', url);
    else history.pushState(null, '', url);
    setAddress(next);
  }, []);

  return { address, look };
}
