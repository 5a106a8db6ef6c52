/**
 * Wake-up between processes: after its commit the writer writes one byte into the file `wake`
 * beside the log, and readers watch that file.
 *
 * The byte is a hint. The truth behind it is the database's data version, which changes when
 * another connection has committed: it is looked at when the file moves, and every `pollMs` in case
 * no hint arrives; both only while somebody listens. The write-ahead log itself is no use as a
 * signal: it moves before the commit can be seen.
 */
import { closeSync, type FSWatcher, openSync, watch, writeSync } from 'node:fs';
import type Database from 'better-sqlite3';
import type { Opened } from './opened.ts';

/** The hints of one open log. */
export interface Wake {
  /** Tells this process's listeners and every other process that the log has grown. */
  announce(): void;
  /** Calls back when the log may have grown. Returns the way to stop. */
  listen(listener: () => void): () => void;
  close(): void;
}

const pollMs = 50;

const oneByte = Buffer.from('.');

/** Opens the wake file, creating it (0600) for a writer; readers only watch. */
export function createWake({ db, place, canWrite, timers }: Opened): Wake {
  const descriptor = canWrite ? openSync(place.wake, 'w', 0o600) : undefined;
  const hasNews = createNewsCheck(db);
  const listeners = new Set<() => void>();
  let watcher: FSWatcher | undefined;
  let stopPolling: (() => void) | undefined;

  function announce(): void {
    tellListeners();
    if (descriptor === undefined) {
      return;
    }
    try {
      // Always at the start, so that the file never grows.
      writeSync(descriptor, oneByte, 0, 1, 0);
    } catch {
      // The commit stands. The others find it with their next poll.
    }
  }

  function listen(listener: () => void): () => void {
    const ownEntry = () => listener();
    listeners.add(ownEntry);
    if (listeners.size === 1) {
      startLooking();
    }
    return () => {
      listeners.delete(ownEntry);
      if (listeners.size === 0) {
        stopLooking();
      }
    };
  }

  function startLooking(): void {
    hasNews();
    watcher = tryToWatch();
    poll();
  }

  function stopLooking(): void {
    watcher?.close();
    watcher = undefined;
    stopPolling?.();
    stopPolling = undefined;
  }

  function poll(): void {
    stopPolling = timers.after(
      pollMs,
      () => {
        poll();
        look();
      },
      'background',
    );
  }

  /** Without a watch, for want of the file or of watches, the poll has to do. */
  function tryToWatch(): FSWatcher | undefined {
    try {
      return watch(place.wake, { persistent: false }, look).on('error', stopWatching);
    } catch {
      return undefined;
    }
  }

  function stopWatching(): void {
    watcher?.close();
    watcher = undefined;
  }

  function look(): void {
    if (hasNews()) {
      tellListeners();
    }
  }

  function tellListeners(): void {
    for (const listener of listeners) {
      listener();
    }
  }

  function close(): void {
    listeners.clear();
    stopLooking();
    if (descriptor !== undefined) {
      closeSync(descriptor);
    }
  }

  return { announce, listen, close };
}

/**
 * Tells whether another connection has committed since the last call. A look that fails counts as
 * news: whoever then reads is told what is wrong.
 */
function createNewsCheck(db: Database.Database): () => boolean {
  const dataVersion = db.prepare('PRAGMA data_version').pluck();
  let lastSeen: unknown;
  return () => {
    try {
      const before = lastSeen;
      lastSeen = dataVersion.get();
      return lastSeen !== before;
    } catch {
      return true;
    }
  };
}
