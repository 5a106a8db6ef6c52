/** Makes the parts of the page from the first document, and follows the log from there. */
import type { Recorded } from '../../domain/catalogue.ts';
import { streamId } from '../../domain/streams.ts';
import { type BoardDocument, snapshotOf } from '../api/board-document.ts';
import type { Ask } from '../api/client.ts';
import { createDeeds } from '../api/deeds.ts';
import { followEvents } from '../api/event-source.ts';
import type { KnownBoards } from '../api/known-board.ts';
import { createResync, type Reading } from '../api/resync.ts';
import { createLiveBoard } from '../state/live-board.ts';
import { createPendingMoves } from '../state/pending-moves.ts';
import { createNotices, type Notices } from './notices.ts';
import type { PageParts } from './page-context.ts';

/** A worker that lost its run tried to write: fencing held, and people want to see that it did. */
function tellRefusal(notices: Notices, event: Recorded): void {
  if (event.type !== 'WriteRefused') return;
  const taskId = streamId(event.stream);
  const { attempted, runId } = event.data;
  const deed = attempted.replace(/Run$/, '').toLowerCase();
  notices.complain(
    `${taskId}: a stale ${deed} was refused.`,
    `${runId} was over when it came; nothing was changed.`,
  );
}

/** Events that come within one frame are shown together. */
const gatherMs = 16;

/** Where the board is read; archived tasks are many, and come only when they are asked for. */
export function boardPath(withArchived: boolean): string {
  return withArchived ? '/board?archived=true' : '/board';
}

/** The parts of a page that lives until the tab is closed. */
export function openParts(ask: Ask, document: BoardDocument, hasArchived: boolean): PageParts {
  let withArchived = hasArchived;
  const aheadMs = Date.parse(document.at) - Date.now();
  const live = createLiveBoard({
    start: snapshotOf(document),
    soon: (callback) => void setTimeout(callback, gatherMs),
    resync: () => resync(),
  });
  const resync = createResync({
    read: readAnew,
    after: (ms, callback) => void setTimeout(callback, ms),
    nowMs: () => performance.now(),
  });
  const notices = createNotices((ms, callback) => void setTimeout(callback, ms));
  live.listen((event) => tellRefusal(notices, event));
  let stop = follow();

  function follow(): () => void {
    return followEvents({
      position: () => live.fold().position(),
      event: live.offer,
      connection: live.connect,
      resync,
      isSignedIn: async () => {
        const answer = await ask('/session');
        return answer.ok || answer.problem.status !== 401;
      },
    });
  }

  async function readAnew(): Promise<Reading> {
    const wasWithArchived = withArchived;
    const answer = await ask<BoardDocument>(boardPath(wasWithArchived));
    if (!answer.ok) {
      const isSignedOut = answer.problem.status === 401;
      live.connect(isSignedOut ? 'signed-out' : 'reconnecting');
      return isSignedOut ? 'given_up' : 'failed';
    }
    // Somebody has asked for another one meanwhile, which comes next.
    if (withArchived !== wasWithArchived) return 'done';
    stop();
    live.replace(snapshotOf(answer.value));
    stop = follow();
    return 'done';
  }

  return {
    ask,
    deeds: createDeeds(ask),
    live,
    pending: createPendingMoves(),
    notices,
    includeArchived(wanted) {
      if (wanted === withArchived) return;
      withArchived = wanted;
      resync();
    },
    knownBoards: async () => {
      const answer = await ask<KnownBoards>('/boards');
      return answer.ok ? answer.value.boards : [];
    },
    label: document.board.name ?? document.board.board,
    workers: new Set(document.workers),
    failureLimit: document.policy.failureLimit,
    canWrite: true,
    nowMs: () => Date.now() + aheadMs,
  };
}
