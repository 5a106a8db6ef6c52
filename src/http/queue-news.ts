/**
 * Wakes those who wait for work: one follower of the log for all of them.
 *
 * What is not news to a queue (signs of life, words, claims of others) wakes nobody. A wake-up too
 * many costs one look at the queue; none is lost.
 */
import type { Position, StoredEvent } from '../log/event-log.ts';
import type { DoorParts } from './door-parts.ts';

/** Resolves when the queue may have changed beyond a position, or at the signal. */
export type QueueNews = (after: Position, signal: AbortSignal) => Promise<void>;

/** Events that make nothing ready. */
const quietTypes: ReadonlySet<string> = new Set([
  'CommentAdded',
  'DispatcherStarted',
  'DispatcherStopped',
  'HeartbeatRecorded',
  'LeaseExtended',
  'RefusalsSummarized',
  'RunOpened',
  'TaskClaimed',
  'UsageRecorded',
  'WorkerSpawned',
  'WorkerStarted',
  'WriteRefused',
]);

/**
 * The one follower; it begins with the first who waits, and ends when the door closes. When the log
 * cannot be read any more everybody is woken: their next look says why.
 */
export function createQueueNews(
  { follow }: Pick<DoorParts, 'follow'>,
  closing: AbortSignal,
): QueueNews {
  const waiting = new Set<() => void>();
  let isFollowing = false;
  /** Nothing was missed since the later of the two: who comes from before has to look again. */
  let since: Position = 0;
  let lastNews: Position = 0;

  function wakeAll(): void {
    for (const wake of [...waiting]) wake();
  }

  async function listen(after: Position): Promise<void> {
    isFollowing = true;
    since = after;
    try {
      for await (const page of follow(after, closing)) {
        lastNews = page.findLast(isNews)?.position ?? lastNews;
        if (page.some(isNews)) wakeAll();
      }
    } catch {
      // Whoever waited looks for itself, and is told what is wrong with the log.
    } finally {
      isFollowing = false;
      wakeAll();
    }
  }

  return (after, signal) => {
    if (!isFollowing) void listen(after);
    if (after < Math.max(since, lastNews) || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      waiting.add(wake);
      signal.addEventListener('abort', wake);
    });
  };
}

function isNews({ type }: StoredEvent): boolean {
  return !quietTypes.has(type);
}
