/** Whether the page shows the board as it is: a dot, and the position it has come to. */
import type { Connection } from '../state/live-board.ts';
import { useParts } from './page-context.ts';
import { useBoard } from './use-board.ts';

const words: Readonly<Record<Connection, string>> = {
  live: 'live',
  reconnecting: 'reconnecting…',
  'signed-out': 'signed out',
};

/** The state of the connection. */
export function Freshness() {
  const { live, canWrite } = useParts();
  const { fold } = useBoard();
  const connection = live.connection();
  if (!canWrite) return <p className="freshness past">read only</p>;
  return (
    <p className={`freshness ${connection}`} role="status">
      <span className="dot" aria-hidden="true" />
      {words[connection]}
      <span className="position" title="position in the log">
        #{fold.position().toLocaleString('en')}
      </span>
    </p>
  );
}
