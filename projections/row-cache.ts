/**
 * Rows held in memory while a page of events is folded: each is loaded once, changed as often as
 * events say, and written once. Some are kept beyond the page: the next one will ask for them.
 */

/** Where the rows come from and go to. */
export interface RowStore<Row> {
  load(key: string): Row | undefined;
  save(row: Row): void;
  /** Whether a row is worth its place in memory after its page. Default: none is. */
  isKept?(row: Row): boolean;
}

/** The rows of one table that the present transaction has touched, and some of those before it. */
export interface RowCache<Row> {
  get(key: string): Row | undefined;
  put(key: string, row: Row): void;
  /** Writes the rows that were put, in the order they were first put. */
  flush(): void;
  /** The page is done: forgets all rows but those that are kept. */
  letGo(): void;
  /** Forgets everything: the next `get` loads again. */
  forget(): void;
}

/** An empty cache over a table. */
export function createRowCache<Row>(store: RowStore<Row>): RowCache<Row> {
  const rows = new Map<string, Row | undefined>();
  const unsaved = new Map<string, Row>();

  return {
    get(key) {
      const known = rows.get(key);
      if (known !== undefined || rows.has(key)) return known;
      const row = store.load(key);
      rows.set(key, row);
      return row;
    },
    put(key, row) {
      rows.set(key, row);
      unsaved.set(key, row);
    },
    flush() {
      for (const row of unsaved.values()) store.save(row);
      unsaved.clear();
    },
    letGo() {
      for (const [key, row] of rows) {
        if (row === undefined || store.isKept?.(row) !== true) rows.delete(key);
      }
    },
    forget() {
      rows.clear();
      unsaved.clear();
    },
  };
}
