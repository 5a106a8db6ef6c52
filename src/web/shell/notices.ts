/** Short messages: shown for a while, and read out by screen readers. */

/** A message on the screen. */
export interface Notice {
  readonly id: number;
  readonly tone: 'good' | 'bad';
  readonly text: string;
  readonly hint: string | null;
}

/** The messages, and whoever shows them. */
export interface Notices {
  readonly list: () => readonly Notice[];
  subscribe(listener: () => void): () => void;
  say(text: string): void;
  complain(text: string, hint?: string): void;
  dismiss(id: number): void;
}

const shownMs = { good: 4_000, bad: 12_000 };

/** No messages yet. `after` calls back after so many ms. */
export function createNotices(after: (ms: number, callback: () => void) => void): Notices {
  let list: readonly Notice[] = [];
  let count = 0;
  const listeners = new Set<() => void>();

  function show(next: readonly Notice[]): void {
    list = next;
    for (const listener of listeners) listener();
  }

  function dismiss(id: number): void {
    show(list.filter((notice) => notice.id !== id));
  }

  function add(tone: Notice['tone'], text: string, hint: string | null): void {
    count += 1;
    const id = count;
    show([...list.slice(-3), { id, tone, text, hint }]);
    after(shownMs[tone], () => dismiss(id));
  }

  return {
    list: () => list,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    say: (text) => add('good', text, null),
    complain: (text, hint) => add('bad', text, hint ?? null),
    dismiss,
  };
}
