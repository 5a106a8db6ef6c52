/**
 * Looks at the board, the processes and the slots, and puts what it sees into a view.
 *
 * The tables are caught up first; all that follows is synchronous, so that no fact in a view is
 * older than another. Workers of this host that nobody here attends to are adopted on the way.
 */
import type { Queries } from '../../projections/index.ts';
import type { Board } from '../app/board.ts';
import type { Breathe } from '../log/breathe.ts';
import { type AdoptDeps, adoptIfAlone, adoptStrays } from './adopt.ts';
import type { Moment } from './liveness.ts';
import { createLooseEnds } from './loose-ends.ts';
import { createOpenRuns, type OpenRunsDeps } from './open-runs.ts';
import type { Host } from './ports.ts';
import { lookAtQueue, type QueueDeps } from './queue.ts';
import { remainsOf } from './remains.ts';
import type { View } from './view.ts';
import type { Workers } from './workers.ts';

/** What looking takes from the rest of the dispatcher. */
export interface LookDeps
  extends AdoptDeps,
    OpenRunsDeps,
    Pick<QueueDeps, 'definitions' | 'acts' | 'launching'> {
  readonly board: Pick<Board, 'log' | 'read' | 'policy' | 'nowMs'>;
  readonly host: Host;
  readonly workers: Workers;
  readonly breathe: Breathe;
}

/** The eyes of the dispatcher. */
export interface Look {
  /** `isLate`: the dispatcher stood still until a moment ago. */
  at(isLate: boolean): Promise<View>;
  /** Tasks were edited: what they say about longest runtimes is read again. */
  forgetLimits(): void;
}

/** Makes the eyes. */
export function createLook(deps: LookDeps): Look {
  const { board, host, workers, breathe, acts, launching } = deps;
  const openRuns = createOpenRuns(deps);
  const looseEnds = createLooseEnds(host);
  let isFirst = true;

  async function at(isLate: boolean): Promise<View> {
    const before = new Set(isFirst ? host.slots.list().map(({ nonce }) => nonce) : []);
    await breathe();
    const queries = await board.read();
    // Catching up may have taken all of a turn. What others fold meanwhile is seen as well.
    await breathe();
    const slots = host.slots.list();
    const moment = { nowMs: board.nowMs(), monoMs: host.clock.monoMs() };
    const open = queries.openRuns();
    for (const run of open) {
      // Its own worker is attended to as soon as it is let go, and by one watch only.
      if (!launching.has(run.taskId)) adoptIfAlone(run, deps);
    }
    adoptStrays({ now: slots, before }, queries, deps);
    isFirst = false;
    const runs = open.map((run) => openRuns.viewOf(run, queries, moment));
    const openIds = new Set(open.map(({ runId }) => runId));
    openRuns.forgetAllBut(openIds);
    const remains = remainsOf(workers, queries, { openIds, monoMs: moment.monoMs });
    return {
      isPaused: queries.board()?.isPaused ?? false,
      isLate,
      ...lookAtQueue(queries, { ...deps, slots, nowMs: moment.nowMs, open }),
      runs: runs.filter(({ runId }) => !acts.isBusy(runId)),
      remains: remains.filter(({ runId }) => !acts.isBusy(runId)),
      looseEnds: board.log.atomic ? [] : endsIn(queries, moment),
    };
  }

  function endsIn(queries: Queries, { monoMs }: Moment): View['looseEnds'] {
    const { launchLeaseMs } = board.policy();
    const ends = looseEnds.look(queries.looseEnds(), { monoMs, launchLeaseMs });
    return ends.filter(({ runId }) => !acts.isBusy(runId));
  }

  return { at, forgetLimits: openRuns.forgetLimits };
}
