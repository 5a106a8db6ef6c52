/** Events of the log as they happen, from a position on; a lost connection goes on where it was. */
import type { Recorded } from '../../domain/catalogue.ts';
import type { Connection } from '../state/live-board.ts';

/** Who is told what comes. */
export interface Hearing {
  /** Begins after this place; asked again for every new connection. */
  readonly position: () => number;
  readonly event: (event: Recorded) => void;
  readonly connection: (connection: Connection) => void;
  /** The server will not go on from there: a new snapshot is needed. */
  readonly resync: () => void;
  /** The stream was refused; answers whether the browser is still signed in. */
  readonly isSignedIn: () => Promise<boolean>;
}

const retryAfterMs = 1_000;

/** Follows the log until the returned function is called. */
export function followEvents(hearing: Hearing): () => void {
  let isClosed = false;
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;

  function open(): void {
    if (isClosed) return;
    source = new EventSource(`/api/v1/events/stream?after=${hearing.position()}`);
    source.onopen = () => hearing.connection('live');
    source.onmessage = ({ data }: MessageEvent<string>) => hearing.event(JSON.parse(data));
    source.addEventListener('resync', () => {
      source?.close();
      hearing.connection('reconnecting');
      hearing.resync();
    });
    source.onerror = () => void lost(source);
  }

  /** The browser tries again by itself, unless the server answered with something else. */
  async function lost(broken: EventSource | undefined): Promise<void> {
    hearing.connection('reconnecting');
    if (broken?.readyState !== EventSource.CLOSED || isClosed) return;
    if (!(await hearing.isSignedIn())) return hearing.connection('signed-out');
    clearTimeout(retry);
    retry = setTimeout(open, retryAfterMs);
  }

  open();
  return () => {
    isClosed = true;
    clearTimeout(retry);
    source?.close();
  };
}
