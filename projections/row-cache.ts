/**
 * Rows held in memory while a page of events is folded: each is loaded once, changed as often as
 * events say, and written once.
 */

/** Where the rows come from and go to. */
export interface RowStore<Row> {
  load(key: string): Row | undefined;
  save(row: Row): void;
}

/** The rows of one table that the present transaction has touched. */
export interface RowCache<Row> {
  get(key: string): Row | undefined;
  put(key: string, row: Row): void;
  /** Writes the rows that were put, in the order they were first put. */
  flush(): void;
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
    forget() {
      rows.clear();
      unsaved.clear();
    },
  };
}
