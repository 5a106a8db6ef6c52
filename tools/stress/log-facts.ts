/**
 * What a log says about claims and endings, read from the types and ids of its events alone, so
 * that it shares no mistake with the folds.
 */
import { type Recorded, streamId } from '../../src/domain/catalogue.ts';
import { isTerminal, type RunEvent } from '../../src/domain/run/events.ts';
import { codec } from '../../src/log/codec.ts';
import type { EventLog } from '../../src/log/event-log.ts';
import { pagesOf } from '../../src/log/pages.ts';

/** The facts; places are positions in the log. */
export interface LogFacts {
  /** The task that each run claimed. */
  readonly claimedBy: ReadonlyMap<string, string>;
  /** The terminal events of each run; one, if all is well. */
  readonly endings: ReadonlyMap<string, readonly string[]>;
  /** The first claim of each task, and where it was done. */
  readonly firstClaims: ReadonlyMap<string, number>;
  readonly doneAt: ReadonlyMap<string, number>;
  /** Tasks with parents, and those. */
  readonly parents: ReadonlyMap<string, readonly string[]>;
  /** How often the breaker halted a task. */
  readonly halts: number;
  /** Entries that refused writes have left. */
  readonly refusedEntries: number;
  readonly events: number;
}

/** Reads the whole log. */
export async function readFacts(log: EventLog): Promise<LogFacts> {
  const facts = {
    claimedBy: new Map<string, string>(),
    endings: new Map<string, string[]>(),
    firstClaims: new Map<string, number>(),
    doneAt: new Map<string, number>(),
    parents: new Map<string, readonly string[]>(),
    halts: 0,
    refusedEntries: 0,
    events: 0,
  };
  for await (const page of pagesOf(log)) for (const stored of page) note(codec.decode(stored));
  return facts;

  function note(event: Recorded): void {
    const { position, stream } = event;
    const id = streamId(stream);
    facts.events += 1;
    if (event.type === 'TaskCreated' && event.data.parents !== undefined) {
      facts.parents.set(id, event.data.parents);
    }
    if (event.type === 'TaskClaimed') {
      facts.claimedBy.set(event.data.runId, id);
      if (!facts.firstClaims.has(id)) facts.firstClaims.set(id, position);
    }
    if (event.type === 'TaskHalted') facts.halts += 1;
    if (event.type === 'TaskCompleted') facts.doneAt.set(id, position);
    if (stream.startsWith('run-') && isTerminal(event as Recorded<RunEvent>)) {
      facts.endings.set(id, [...(facts.endings.get(id) ?? []), event.type]);
    }
    if (stream.startsWith('refused-')) facts.refusedEntries += 1;
  }
}
