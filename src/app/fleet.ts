/**
 * Who serves a board, host by host, as far as the log knows. It hears of dispatchers when they come
 * and go, and of hosts when something happens to a run there: one that has nothing to do says
 * nothing, and one that has died says nothing either.
 */
import type { DispatcherRow, RunRow } from '../../projections/index.ts';
import { lastSignAtMs } from '../domain/run/state.ts';

/**
 * - `serving`: it has come and not said goodbye.
 * - `stopped`: it said goodbye.
 * - `gone`: it did not, and its host has been started anew since.
 */
export const dispatcherStates = ['serving', 'stopped', 'gone'] as const;
export type DispatcherState = (typeof dispatcherStates)[number];

/** A dispatcher, and where it stands. */
export interface SeenDispatcher {
  readonly row: DispatcherRow;
  readonly state: DispatcherState;
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

/** Dispatchers with their states; the rows are all there ever were, the latest first. */
export function dispatchersSeen(rows: readonly DispatcherRow[]): readonly SeenDispatcher[] {
  const boots = new Map<string, string>();
  return rows.map((row) => {
    const bootId = boots.get(row.host) ?? row.bootId;
    boots.set(row.host, bootId);
    if (row.stoppedAtMs !== null) return { row, state: 'stopped' };
    return { row, state: row.bootId === bootId ? 'serving' : 'gone' };
  });
}

/** Hosts with a dispatcher or an open run, by id; with `all`, also those that have left. */
export function hostsSeen(
  { dispatchers, openRuns }: FleetRows,
  { all = false }: { readonly all?: boolean } = {},
): readonly SeenHost[] {
  const seen = dispatchersSeen(dispatchers);
  const ids = [...new Set(dispatchers.map(({ host }) => host))].toSorted();
  const hosts = ids.map((host) => hostSeen(host, seen, openRuns));
  return hosts.filter(({ serving, running }) => all || serving.length > 0 || running > 0);
}

/** What hosts are told from: all dispatchers, the latest first, and the runs that are open. */
export interface FleetRows {
  readonly dispatchers: readonly DispatcherRow[];
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
