/** Tables that are made when somebody first reads them: most tests only write. */
import type { Projections } from '../../projections/run.ts';

/** Stands for the tables that `open` makes, until they are needed. */
export function openLate(open: () => Promise<Projections>): Projections {
  let opening: Promise<Projections> | undefined;
  let tables: Projections | undefined;

  async function opened(): Promise<Projections> {
    opening ??= open();
    tables = await opening;
    return tables;
  }

  function known(): Projections {
    if (tables === undefined) throw new Error('read the tables before asking them');
    return tables;
  }

  return {
    catchUp: async () => (await opened()).catchUp(),
    waitFor: async (position) => (await opened()).waitFor(position),
    checkpoint: () => known().checkpoint(),
    get queries() {
      return known().queries;
    },
    openPast: async (cut, onProgress) => (await opened()).openPast(cut, onProgress),
    openStepping: async (upTo, onProgress) => (await opened()).openStepping(upTo, onProgress),
    close: () => tables?.close(),
  };
}
