/** A dispatcher as programs see it. These names are permanent: a new need is a new field. */
import type { DispatcherRow } from '../../projections/dispatchers/row.ts';
import type { SeenDispatcher } from '../app/fleet.ts';
import { isoTime } from './iso-time.ts';

/** The dispatcher as one object; absent facts are null, times are ISO. */
export function dispatcherJson(dispatcher: DispatcherRow) {
  const { dispatcherId, host, pid, programVersion, assignees, policy, stopReason } = dispatcher;
  return {
    id: dispatcherId,
    host,
    pid,
    programVersion,
    assignees,
    policy,
    startedAt: isoTime(dispatcher.startedAtMs),
    stoppedAt: isoTime(dispatcher.stoppedAtMs),
    stopReason,
    position: dispatcher.position,
  };
}

/** The same, with where it stands. */
export function seenDispatcherJson({ row, state }: SeenDispatcher) {
  return { ...dispatcherJson(row), bootId: row.bootId, state };
}
