/**
 * Who serves a board, host by host, as far as is known. The log hears of dispatchers when they come
 * and go, and of hosts when something happens to a run there: one that has nothing to do says
 * nothing, and one that has died says nothing either. What this host can see of its own processes
 * it says; what goes on elsewhere only the log tells.
 */
import type { DispatcherRow, RunRow } from '../../projections/index.ts';
import { lastSignAtMs } from '../domain/run/state.ts';

/**
 * - `serving`: it has come and not said goodbye; more is not known of one on another host.
 * - `stopped`: it said goodbye.
 * - `gone`: it did not, and its process is no more, or its host has been started anew since.
 */
export const dispatcherStates = ['serving', 'stopped', 'gone'] as const;
export type DispatcherState = (typeof dispatcherStates)[number];

/**
 * Whether the process of a dispatcher is there. `unknown` is no answer, and says nothing against
 * it: nobody can see the processes of another host, or of the past.
 */
export type DispatcherProbe = (
  dispatcher: Pick<DispatcherRow, 'host' | 'bootId' | 'pid' | 'startTime'>,
) => 'alive' | 'dead' | 'unknown';

/** Sees no process: goes by the log alone. */
export const byTheLog: DispatcherProbe = () => 'unknown';

/** A dispatcher, and where it stands. */
export interface SeenDispatcher {
  readonly row: DispatcherRow;
  readonly state: DispatcherState;
  /** Whether its process was seen to be there. */
  readonly isSeen: boolean;
}

/** A host, by the id that its dispatchers give it. Times are wall clock, UTC ms. */
export interface SeenHost {
  readonly host: string;
  /** Of its last start that is known. */
  readonly bootId: string;
  /** The dispatchers that serve there, the latest first. */
  readonly serving: readonly string[];
  /** Whom they start workers for, in the order of the names. */
  readonly assignees: readonly string[];
  /** Runs that are open there. */
  readonly running: number;
  /** When something last happened there. */
  readonly lastSignAtMs: number;
}

/**
 * Dispatchers with their states; the rows are the latest first. Only of those that have not said
 * goodbye the process is looked for.
 */
export function dispatchersSeen(
  rows: readonly DispatcherRow[],
  probe: DispatcherProbe,
): readonly SeenDispatcher[] {
  const boots = new Map<string, string>();
  return rows.map((row) => {
    const bootId = boots.get(row.host) ?? row.bootId;
    boots.set(row.host, bootId);
    if (row.stoppedAtMs !== null) return { row, state: 'stopped', isSeen: false };
    if (row.bootId !== bootId) return { row, state: 'gone', isSeen: false };
    const verdict = probe(row);
    const state = verdict === 'dead' ? 'gone' : 'serving';
    return { row, state, isSeen: verdict === 'alive' };
  });
}

/** Those of them that serve, as far as is known. */
export function servingOf(
  rows: readonly DispatcherRow[],
  probe: DispatcherProbe,
): readonly DispatcherRow[] {
  const serving = dispatchersSeen(rows, probe).filter(({ state }) => state === 'serving');
  return serving.map(({ row }) => row);
}

/** Hosts with a dispatcher or an open run, by id; with `all`, also those that have left. */
export function hostsSeen(
  { dispatchers: seen, openRuns }: FleetSeen,
  { all = false }: { readonly all?: boolean } = {},
): readonly SeenHost[] {
  const ids = [...new Set(seen.map(({ row }) => row.host))].toSorted();
  const hosts = ids.map((host) => hostSeen(host, seen, openRuns));
  return hosts.filter(({ serving, running }) => all || serving.length > 0 || running > 0);
}

/** What hosts are told from: all dispatchers, the latest first, and the runs that are open. */
export interface FleetSeen {
  readonly dispatchers: readonly SeenDispatcher[];
  readonly openRuns: readonly RunRow[];
}

function hostSeen(
  host: string,
  seen: readonly SeenDispatcher[],
  openRuns: readonly RunRow[],
): SeenHost {
  const here = seen.filter(({ row }) => row.host === host);
  const serving = here.filter(({ state }) => state === 'serving').map(({ row }) => row);
  const runs = openRuns.filter(({ opened }) => opened.host === host);
  const signs = [
    ...here.map(({ row }) => row.stoppedAtMs ?? row.startedAtMs),
    ...runs.map((run) => Math.max(lastSignAtMs(run), run.leaseExtendedAtMs ?? 0)),
  ];
  return {
    host,
    bootId: here[0]?.row.bootId ?? '',
    serving: serving.map(({ dispatcherId }) => dispatcherId),
    assignees: [...new Set(serving.flatMap(({ assignees }) => assignees))].toSorted(),
    running: runs.length,
    lastSignAtMs: Math.max(...signs),
  };
}
