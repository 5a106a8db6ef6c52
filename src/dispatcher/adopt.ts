/** Workers of this host that another dispatcher left behind, or never came to know the end of. */
import type { Queries } from '../../projections/index.ts';
import type { RunRow } from '../../projections/runs/row.ts';
import type { Board } from '../app/board.ts';
import { runIdOf } from './nonce.ts';
import type { Host, Report, Slot } from './ports.ts';
import type { Workers } from './workers.ts';

/** What adopting takes from the rest of the dispatcher. */
export interface AdoptDeps {
  readonly board: Pick<Board, 'policy'>;
  readonly host: Host;
  readonly boardDirectory: string;
  readonly workers: Workers;
  readonly report: Report;
}

/** Attends to the worker of an open run, if it is of this host and nobody here attends to it. */
export function adoptIfAlone(
  { runId, taskId, assignee, opened, process }: RunRow,
  { board, host, workers, report }: AdoptDeps,
): void {
  if (process === null || opened.host !== host.hostId || workers.get(runId)) return;
  const { pid, startTime, bootId, nonce } = process;
  const identity = { pid, startTime: Number(startTime), bootId, nonce };
  const uncap = host.runFiles.cap(runId, board.policy().logBytesMax);
  workers.attend({ runId, taskId, assignee, identity, uncap });
  report('adopted', { runId, taskId, pid });
}

/**
 * Attends to what runs left behind that ended while nobody was here, or between two looks: their
 * processes still hold slots of this board, and may still be in their workspaces. An open run is
 * adopted when its spawn is recorded. One that the board does not know is of a board that was here
 * before, provided that the slots were read before the tables were caught up: a slot is a worker's
 * only when its run stands in the log.
 */
export function adoptStrays(slots: readonly Slot[], queries: Queries, deps: AdoptDeps): void {
  const { host, workers, report } = deps;
  for (const { nonce, holder } of straySlots(slots, deps)) {
    const runId = runIdOf(nonce);
    const run = queries.run(runId);
    if (run?.outcome === null) continue;
    const taskId = run?.taskId ?? '';
    const identity = { ...holder, nonce };
    const uncap = () => Promise.resolve();
    const worker = workers.attend({ runId, taskId, assignee: null, identity, uncap });
    const isLeaving = run?.endedBy?.kind === 'worker';
    worker.over = { isLeaving, atMonoMs: host.clock.monoMs() };
    report('adopted', { runId, taskId, pid: holder.pid });
  }
}

/** Slots of workers of this board whom nobody here attends to, as long as they are held. */
function straySlots(
  slots: readonly Slot[],
  { host, boardDirectory, workers }: AdoptDeps,
): readonly Slot[] {
  const isStray = ({ nonce, holder, ...slot }: Slot) =>
    holder.nonce === nonce &&
    slot.boardDirectory === boardDirectory &&
    workers.get(runIdOf(nonce)) === undefined;
  const strays = slots.filter(isStray);
  if (strays.length === 0) return [];
  // Whoever was attended to until a moment ago has given his slot back.
  const held = new Set(host.slots.list().map(({ nonce }) => nonce));
  return strays.filter(({ nonce }) => held.has(nonce));
}
