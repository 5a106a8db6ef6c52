/** What a log must be like after anything that can happen to it. */
import type { EventLog, StoredEvent } from '../../src/log/event-log.ts';
import { pagesOf } from '../../src/log/pages.ts';
import { appendsOf, numbered } from './numbered.ts';
import { openLog } from './open-log.ts';

/** How the log of a directory was found. */
export interface Soundness {
  /** What is wrong, a sentence each; empty when all is well. */
  readonly broken: readonly string[];
  /** Acknowledged appends that are not there. */
  readonly lost: readonly string[];
  /** Events in the log. */
  readonly events: number;
}

/**
 * Opens the log in `directory` as the program would, and looks: it opens, its chain holds, every
 * acknowledged append is there, none is there in part, and it takes the next append.
 */
export async function checkLog(
  directory: string,
  acknowledged: readonly string[],
): Promise<Soundness> {
  try {
    const log = await openLog(directory);
    try {
      return await examine(log, acknowledged);
    } finally {
      await log.close();
    }
  } catch (error) {
    return { broken: [`it cannot be used: ${String(error)}`], lost: [], events: 0 };
  }
}

async function examine(
  log: Awaited<ReturnType<typeof openLog>>,
  acknowledged: readonly string[],
): Promise<Soundness> {
  const events = await everything(log);
  const { whole, torn } = appendsOf(events);
  const broken = torn.map((name) => `a part of an append is there: ${name}`);
  const lost = acknowledged.filter((name) => !whole.has(name));
  const next = await log.append(numbered('the-next', { events: 2 }));
  if (!next.ok) broken.push(`the next append met version ${next.actual}`);
  const { problem } = await log.verifyChain();
  if (problem !== undefined) broken.push(`the chain does not hold: ${problem.message}`);
  return { broken, lost, events: events.length };
}

/** All events of a log. */
export async function everything(log: EventLog): Promise<readonly StoredEvent[]> {
  const all: StoredEvent[] = [];
  for await (const page of pagesOf(log)) all.push(...page);
  return all;
}
