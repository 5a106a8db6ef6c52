/** Compares the tables that were kept up during a simulation with new ones of the same log. */
import type { Queries } from '../../projections/index.ts';
import type { Projections } from '../../projections/run.ts';
import type { Stage } from './stage.ts';
import { tablesOf } from './tables.ts';

/** A task or run that is not the same in both. */
export interface Difference {
  readonly id: string;
  readonly text: string;
}

/** The first difference of each host's tables, where there is one. */
export async function differencesOf(
  stage: Stage,
  kept: readonly Projections[],
): Promise<readonly Difference[]> {
  const rebuilt = await tablesOf(stage.log);
  try {
    await rebuilt.catchUp();
    for (const live of kept) await live.catchUp();
    const found = kept.map((live) => differenceOf(stage, live, rebuilt));
    return found.filter((difference) => difference !== undefined);
  } finally {
    rebuilt.close();
  }
}

function differenceOf(
  { watch, machines }: Stage,
  live: Projections,
  rebuilt: Projections,
): Difference | undefined {
  const nowMs = machines[0]?.clock.nowMs() ?? 0;
  for (const taskId of watch.ledger.tasks.keys()) {
    const found = compare(
      taskId,
      (tables) => [tables.task(taskId, nowMs), tables.runs(taskId), tables.comments(taskId)],
      live,
      rebuilt,
    );
    if (found !== undefined) return found;
  }
  return compare(
    '*',
    (tables) => [tables.stats(nowMs), tables.timeline({ limit: 100_000 })],
    live,
    rebuilt,
  );
}

/** How much of a difference is shown, in characters. */
const excerptChars = 80;

function compare(
  id: string,
  ask: (queries: Queries) => unknown,
  live: Projections,
  rebuilt: Projections,
): Difference | undefined {
  const [one, other] = [live, rebuilt].map(({ queries }) => JSON.stringify(ask(queries)));
  if (one === undefined || other === undefined || one === other) return undefined;
  const at = [...one].findIndex((letter, index) => letter !== other[index]);
  const from = Math.max(at - excerptChars / 2, 0);
  const [said, truth] = [one, other].map((text) => text.slice(from, from + excerptChars));
  return { id, text: `the tables say …${said}…, and the log …${truth}…` };
}
