/** The dispatcher in one place: how many workers run, how many may, and a button to pause. */
import { useEffect } from 'react';
import { watchDispatchers } from '../api/watch-dispatchers.ts';
import { icons } from '../parts/icons.tsx';
import { useParts } from './page-context.ts';
import { useBoard } from './use-board.ts';
import { useComplaint } from './use-deeds.ts';

/** The pill. */
export function DispatcherPill() {
  const { ask, deeds, live, canWrite } = useParts();
  const complain = useComplaint();
  // Nobody is killed in the past.
  useEffect(() => (canWrite ? watchDispatchers(ask, live) : undefined), [ask, live, canWrite]);
  const { fold } = useBoard();
  const { isPaused } = fold.board();
  const limit = [...fold.dispatchers.values()].reduce((sum, { maxRunning }) => sum + maxRunning, 0);
  const hasDispatcher = fold.dispatchers.size > 0;
  const state = isPaused ? 'paused' : hasDispatcher ? 'on' : 'off';

  async function toggle(): Promise<void> {
    const answer = await (isPaused ? deeds.resume() : deeds.pause());
    if (!answer.ok) complain(answer.problem);
  }

  return (
    <div className={`pill ${state}`}>
      <span className="dot" aria-hidden="true" />
      <span>
        {fold.runs.size}
        {hasDispatcher && `/${limit}`} running
        {!hasDispatcher && <small>, no dispatcher</small>}
        {isPaused && <small>, paused</small>}
      </span>
      <button
        type="button"
        className="quiet"
        onClick={() => void toggle()}
        aria-label={isPaused ? 'Resume the dispatcher' : 'Pause the dispatcher'}
        title={isPaused ? 'Resume: start what is ready' : 'Pause: start nothing more'}
      >
        {isPaused ? icons.play : icons.pause}
      </button>
    </div>
  );
}
