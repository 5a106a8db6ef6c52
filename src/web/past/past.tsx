/** Puts the board of a position in the place of the live one, for everything inside. */
import { type ReactNode, useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import type { Ask, Problem } from '../api/client.ts';
import { createDeeds } from '../api/deeds.ts';
import { type PageParts, PartsContext, useLooking, useParts } from '../shell/page-context.ts';
import '../styles/past.css';
import { useCalm } from '../parts/use-calm.ts';
import { PastContext } from './past-context.ts';
import { createPastSource } from './past-source.ts';
import { createPastStore, type PastStore } from './past-store.ts';

/** So often the address follows, and documents are read again: browsers and servers need rest. */
const calmMs = 250;
/** So often what is new is read: who looks at the past can wait for the present. */
const growMs = 1_000;

/** The page as it was at a position. */
export function Past({ at, children }: { readonly at: number; readonly children: ReactNode }) {
  const present = useParts();
  const store = pastOf(present);
  const { look } = useLooking();
  const { position, problem } = useSyncExternalStore(store.subscribe, store.state);
  // The first board that comes is no reason to wait.
  const calm = useCalm(position, calmMs) || position;
  useAddressed(store, at, calm);
  const isThere = position > 0;
  useEffect(() => {
    // Whoever waits for the first board is not kept waiting by the rest of the log.
    if (!isThere) return;
    store.readOn();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = present.live.listen(() => {
      timer ??= setTimeout(() => {
        timer = undefined;
        store.readOn();
      }, growMs);
    });
    return () => {
      stop();
      clearTimeout(timer);
      store.pause();
    };
  }, [store, present, isThere]);
  const parts = useMemo(() => partsAt(present, store, calm), [present, store, calm]);

  if (position === 0) {
    return (
      <main className="closed">
        <p role="status">{problem === undefined ? 'Reading the past…' : problem.detail}</p>
        {problem !== undefined && (
          <button type="button" onClick={() => look({ at: null })}>
            Back to live
          </button>
        )}
      </main>
    );
  }
  return (
    <PastContext value={store}>
      <PartsContext value={parts}>{children}</PartsContext>
    </PastContext>
  );
}

/** The address says where to be, and follows when somebody went elsewhere. */
function useAddressed(store: PastStore, at: number, position: number): void {
  const { look } = useLooking();
  const said = useRef<number | null>(null);
  useEffect(() => {
    if (at === said.current) return;
    said.current = at;
    store.go(at);
  }, [store, at]);
  useEffect(() => {
    const isOnItsWay = position !== store.wanted();
    if (position === 0 || position === said.current || isOnItsWay) return;
    said.current = position;
    look({ at: position }, 'replace');
  }, [store, look, position]);
}

const pasts = new WeakMap<PageParts, PastStore>();

/** What was read of the past is kept for the next visit. */
function pastOf(present: PageParts): PastStore {
  const known = pasts.get(present);
  if (known !== undefined) return known;
  const nextFrame = (callback: (monoMs: number) => void) => void requestAnimationFrame(callback);
  const source = createPastSource(present.ask);
  const store = createPastStore({ live: present.live, source, nextFrame });
  pasts.set(present, store);
  return store;
}

function partsAt(present: PageParts, store: PastStore, position: number): PageParts {
  const ask: Ask = (path, sending = {}) => {
    if (path === whatIf) return present.ask(path, sending);
    if ((sending.method ?? 'GET') !== 'GET') {
      return Promise.resolve({ ok: false, problem: readOnly(position) });
    }
    return present.ask(timeless.test(path) ? path : withAt(path, position), sending);
  };
  return {
    ...present,
    ask,
    deeds: createDeeds(ask),
    live: store.board,
    nowMs: () => store.state().nowMs,
    canWrite: false,
  };
}

/** It is asked with a body, and changes nothing; its range says what it is about. */
const whatIf = '/whatif';
/** What the server tells of no position. */
const timeless = /^\/(session|density|position|incident)|\/log/;

function withAt(path: string, position: number): string {
  return `${path}${path.includes('?') ? '&' : '?'}at=${position}`;
}

function readOnly(position: number): Problem {
  const detail = `This is the board as of position ${position}; the past cannot be changed.`;
  const hint = 'Go back to live to change what is now.';
  return { code: 'past_is_read_only', detail, hint, status: 409, facts: { position } };
}
