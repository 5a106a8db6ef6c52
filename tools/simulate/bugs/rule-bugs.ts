/** Bugs in the rules: what is planned, what is said to the board, what the tables hold. */

import type { RunRow } from '../../../projections/runs/row.ts';
import type { Board } from '../../../src/app/board.ts';
import type { Planner } from '../../../src/dispatcher/plan.ts';
import type { ClaimTerms, OpenRunView, View } from '../../../src/dispatcher/view.ts';
import type { Policy } from '../../../src/domain/policy.ts';
import type { EventLog } from '../../../src/log/event-log.ts';
import type { Bug } from '../bug.ts';

/** All of them. */
export const ruleBugs: readonly Bug[] = [
  {
    name: 'reclaims_without_a_look',
    what: 'A run is ended although it has moved since it was judged.',
    commands: (commands) => ({
      ...commands,
      endRun: (runId, end) => commands.endRun(runId, end),
    }),
  },
  {
    name: 'refused_and_done',
    what: 'A completion that came too late is made good on the task.',
    commands: (commands, world) => ({
      ...commands,
      async completeRun(runId, handOff, how) {
        const answer = await commands.completeRun(runId, handOff, how);
        const taskId = world.ledger.runs.get(runId)?.taskId;
        if (!answer.refused || answer.code !== 'stale_run' || taskId === undefined) return answer;
        await commands.complete(taskId, handOff);
        return answer;
      },
    }),
  },
  {
    name: 'token_from_the_log',
    what: 'Whoever names a run is taken for its worker.',
    commands: (commands, world) => ({
      ...commands,
      completeRun: (runId, handOff, how) =>
        commands.completeRun(runId, handOff, { ...how, tokenHash: tokenHashOf(world, runId) }),
    }),
  },
  {
    name: 'no_lease_renewed',
    what: 'Nobody says in the log that a silent worker is alive.',
    commands: (commands) => ({
      ...commands,
      extendLease: async () => ({ refused: false, position: 0 }),
    }),
  },
  {
    name: 'exit_before_drain',
    what: 'An exit is judged at once, although a last word may be on its way.',
    plan: changingRuns((run) =>
      run.worker?.is === 'ended'
        ? { ...run, worker: { ...run.worker, sinceMs: Number.POSITIVE_INFINITY } }
        : run,
    ),
  },
  {
    name: 'no_crash_grace',
    what: 'A missing pid is a crash, however fresh the worker.',
    plan: changingTerms((terms) => ({ ...terms, crashGraceMs: 0 })),
  },
  {
    name: 'lease_over_is_dead',
    what: 'A lease that is over ends a run, although its process lives.',
    plan: changingRuns((run) =>
      run.worker?.is === 'alive' ? { ...run, isMine: false, worker: undefined } : run,
    ),
  },
  {
    name: 'unseen_is_stopped',
    what: 'A worker that nobody can see is taken for a stopped one.',
    plan: changingRuns((run) =>
      run.worker?.is === 'unknown'
        ? { ...run, worker: { ...run.worker, is: 'stopped' as const } }
        : run,
    ),
  },
  {
    name: 'launch_lease_ignored',
    what: 'A claim whose dispatcher died before the spawn is waited for.',
    plan: changingRuns((run) => ({ ...run, launchLeaseMs: Number.POSITIVE_INFINITY })),
  },
  {
    name: 'remains_forgotten',
    what: 'What a finished run left behind is not cleared up.',
    plan: (plan) => (view, policy) => plan({ ...view, remains: [] }, policy),
  },
  {
    name: 'impatient_limits',
    what: 'The longest runtime is counted from the claim of the lease, in halves.',
    plan: changingRuns((run) => ({ ...run, maxRuntimeMs: Math.ceil(run.maxRuntimeMs / 2) })),
  },
  {
    name: 'impatient_silence',
    what: 'A run goes stale in half the time.',
    plan: changingTerms(halved),
  },
  {
    name: 'cap_not_checked',
    what: 'Nobody asks the log how many workers an assignee has.',
    board: (board) => ({ ...board, policy: board.policy, read: readingNoNames(board) }),
  },
  {
    name: 'event_skipped',
    what: 'The checkpoint of the tables passes an event that was not folded yet.',
    tablesLog: (log) => skipping(log),
  },
];

function changingRuns(change: (run: OpenRunView) => OpenRunView): (plan: Planner) => Planner {
  return (plan) => (view: View, policy: Policy) =>
    plan({ ...view, runs: view.runs.map(change) }, policy);
}

/** A run is judged by its claim, or by the policy where that is not known. */
function changingTerms(change: (terms: ClaimTerms) => ClaimTerms): (plan: Planner) => Planner {
  return (plan) => (view, policy) =>
    changingRuns((run) => ({ ...run, terms: change(run.terms ?? policy) }))(plan)(view, policy);
}

function halved({ maxSilentMs, staleAfterMs, crashGraceMs }: ClaimTerms): ClaimTerms {
  const half = { maxSilentMs: maxSilentMs / 2, staleAfterMs: Math.ceil(staleAfterMs / 2) };
  return { ...half, crashGraceMs };
}

function tokenHashOf({ tokens }: { tokens: ReadonlyMap<string, string> }, runId: string): string {
  return (tokens.get(runId) ?? '').padStart(64, '0');
}

/** Nobody sees whose the open runs are. */
function readingNoNames(board: Board): Board['read'] {
  return async () => {
    const queries = await board.read();
    const nameless = (run: RunRow) =>
      run.assignee === 'capped' ? { ...run, assignee: null } : run;
    return {
      ...queries,
      openRuns: (filter) => queries.openRuns(filter).map(nameless),
      runningCounts: () => ({}),
    };
  };
}

/** Now and then the first event of a page is not there yet, and those behind it are. */
function skipping(log: EventLog): EventLog {
  let pages = 0;
  return {
    ...log,
    async readAll(options) {
      const page = await log.readAll(options);
      pages += 1;
      return pages % 7 === 0 && page.length > 1 ? page.slice(1) : page;
    },
  };
}
