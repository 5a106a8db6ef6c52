/**
 * What others left half done, on a log that is not atomic: seen, left to them for a while, then
 * finished. Every dispatcher of every host does so, each after a time of its own, so that one of
 * them is first and the others find it done.
 */
import type { LooseEnd } from '../../projections/index.ts';
import type { Board } from '../app/board.ts';
import type { Commands } from '../app/commands.ts';
import type { Excusable } from '../domain/run/commands.ts';
import { excuseOf } from './outages.ts';
import type { MendLooseEnd } from './plan.ts';
import type { Host, Report } from './ports.ts';
import type { LooseEndView } from './view.ts';

/** How long whoever began something is given to finish it, in ms. */
export const mendAfterMs = 1_000;

/** How much longer a dispatcher may wait than another: this share of the patience, or 2 s. */
const jitter = { share: 1 / 2, ms: 2_000 } as const;

/** The memory of what is half done. */
export interface LooseEnds {
  /** Takes note of all there are now; forgets the others. */
  look(ends: readonly LooseEnd[], at: LooseEndsMoment): readonly LooseEndView[];
}

/** When, on the monotonic clock, and how long a claim without a run is left alone. */
export interface LooseEndsMoment {
  readonly monoMs: number;
  readonly launchLeaseMs: number;
}

/** An empty memory. */
export function createLooseEnds({ random }: Pick<Host, 'random'>): LooseEnds {
  let seen = new Map<string, { readonly atMonoMs: number; readonly draw: number }>();

  function look(ends: readonly LooseEnd[], { monoMs, launchLeaseMs }: LooseEndsMoment) {
    const before = seen;
    seen = new Map();
    return ends.map((end) => {
      const key = `${end.missing} ${end.runId}`;
      const first = before.get(key) ?? { atMonoMs: monoMs, draw: random() };
      seen.set(key, first);
      const patienceMs = patienceFor(end, { launchLeaseMs, draw: first.draw });
      return { ...end, sinceMs: Math.round(monoMs - first.atMonoMs), patienceMs };
    });
  }

  return { look };
}

function patienceFor(
  { missing }: LooseEnd,
  { launchLeaseMs, draw }: { readonly launchLeaseMs: number; readonly draw: number },
): number {
  const leastMs = missing === 'opening' ? launchLeaseMs : mendAfterMs;
  return Math.round(leastMs + draw * Math.max(jitter.ms, leastMs * jitter.share));
}

/** What finishing takes from the rest of the dispatcher. */
export interface MendDeps {
  readonly board: Pick<Board, 'projections' | 'policy'>;
  readonly commands: Pick<Commands, 'mend'>;
  readonly report: Report;
}

/** Makes the function that finishes one. Throws when the log is in trouble. */
export function createMend({ board, commands, report }: MendDeps) {
  return async ({ end, sinceMs }: MendLooseEnd): Promise<void> => {
    const { runId, taskId, missing } = end;
    const { launchLeaseMs: leaseMs } = board.policy();
    const ages = { runMs: sinceMs, leaseMs: sinceMs, quietMs: sinceMs };
    const evidence = { missing, leaseMs, ages };
    const answer = await commands.mend(end, { evidence, excuse: excuseFor(end) });
    if (answer.refused) report('refused', { runId, code: answer.code, message: answer.message });
    else if (answer.changed) report('mended', { runId, taskId, missing });
  };

  /** What excused the failure when a dispatcher judged it excuses it still. */
  function excuseFor({ runId, missing }: LooseEnd): Excusable['excuse'] {
    const run = missing === 'meaning' ? board.projections.queries.run(runId) : undefined;
    const { exitCode, errno } = run?.ending ?? {};
    const isCoded = exitCode !== undefined || errno !== undefined;
    const isExcusable = isCoded && run?.endedBy?.kind === 'dispatcher';
    return isExcusable ? excuseOf(board, run.assignee) : undefined;
  }
}
