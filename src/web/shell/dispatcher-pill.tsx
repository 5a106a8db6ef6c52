/** The dispatcher in one place: how many workers run, how many may, and a button to pause. */
import { useEffect } from 'react';
import { watchDispatchers } from '../api/watch-dispatchers.ts';
import { icons } from '../parts/icons.tsx';
import { useParts } from './page-context.ts';
import { useBoard } from './use-board.ts';
import { useComplaint } from './use-deeds.ts';

/** The pill. */
export function DispatcherPill() {
  const { deeds } = useParts();
  const complain = useComplaint();
  useWatch();
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

/** Nobody is killed in the past, nor while nobody looks. */
function useWatch(): void {
  const { ask, live, canWrite } = useParts();
  useEffect(() => {
    if (!canWrite) return undefined;
    return watchDispatchers({
      ask,
      isWorthIt: () => !document.hidden && live.fold().dispatchers.size > 0,
      onGone: live.lose,
      every(ms, callback) {
        const timer = setInterval(callback, ms);
        return () => clearInterval(timer);
      },
    });
  }, [ask, live, canWrite]);
}
