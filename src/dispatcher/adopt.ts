/** Workers of this host that another dispatcher left behind, or never came to know the end of. */
import type { Queries } from '../../projections/index.ts';
import type { RunRow } from '../../projections/runs/row.ts';
import type { Board } from '../app/board.ts';
import { runIdOf } from './nonce.ts';
import type { Host, Report, Slot } from './ports.ts';
import type { WorkerDefinitions } from './worker-definition.ts';
import type { Workers } from './workers.ts';

/** What adopting takes from the rest of the dispatcher. */
export interface AdoptDeps {
  readonly board: Pick<Board, 'policy'>;
  readonly host: Host;
  readonly boardDirectory: string;
  readonly workers: Workers;
  readonly definitions: () => WorkerDefinitions;
  readonly report: Report;
}

/** Attends to the worker of an open run, if it is of this host and nobody here attends to it. */
export function adoptIfAlone(
  { runId, taskId, assignee, opened, process }: RunRow,
  { board, host, workers, definitions, report }: AdoptDeps,
): void {
  if (process === null || opened.host !== host.hostId || workers.get(runId)) return;
  const { pid, startTime, bootId, nonce } = process;
  const identity = { pid, startTime: Number(startTime), bootId, nonce };
  const uncap = host.runFiles.cap(runId, board.policy().logBytesMax);
  const definition = definitions()[assignee ?? ''];
  workers.attend({ runId, taskId, assignee, definition, identity, uncap });
  report('adopted', { runId, taskId, pid });
}

/**
 * Attends to what runs left behind that ended while nobody was here, or between two looks: their
 * processes still hold slots of this board, and may still be in their workspaces. An open run is
 * adopted when its spawn is recorded. One that the board does not know is of a board that was here
 * before, provided that its slot was there before the tables were caught up: a slot is a worker's
 * only when its run stands in the log.
 */
export function adoptStrays(
  slots: { readonly now: readonly Slot[]; readonly before: ReadonlySet<string> },
  queries: Queries,
  deps: AdoptDeps,
): void {
  const { host, workers, definitions, report } = deps;
  for (const { nonce, boardDirectory, holder } of slots.now) {
    const runId = runIdOf(nonce);
    const isWorker = holder.nonce === nonce && boardDirectory === deps.boardDirectory;
    if (!isWorker || workers.get(runId)) continue;
    const run = queries.run(runId);
    const isOver = run === undefined ? slots.before.has(nonce) : run.outcome !== null;
    if (!isOver) continue;
    const taskId = run?.taskId ?? '';
    const identity = { ...holder, nonce };
    const uncap = () => Promise.resolve();
    const definition = definitions()[run?.assignee ?? ''];
    const whose = { runId, taskId, assignee: null, definition };
    const worker = workers.attend({ ...whose, identity, uncap });
    const isLeaving = run?.endedBy?.kind === 'worker';
    worker.over = { isLeaving, atMonoMs: host.clock.monoMs() };
    report('adopted', { runId, taskId, pid: holder.pid });
  }
}
