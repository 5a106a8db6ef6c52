/** Which view of the board is looked at, and whether as it is or as it was. */
import { icons } from '../parts/icons.tsx';
import type { ViewName } from '../state/address.ts';
import { useKeys } from './keys.ts';
import { useLooking, useParts } from './page-context.ts';

const titles: Readonly<Record<ViewName, string>> = {
  board: 'Board',
  timeline: 'Timeline',
  plots: 'Plots',
};
const keys = [
  ['g b', 'board'],
  ['g t', 'timeline'],
  ['t', 'timeline'],
  ['g p', 'plots'],
] as const;

/** The views by name, and the way into the past. */
export function ViewNav() {
  const { live } = useParts();
  const { address, look } = useLooking();
  const isPast = address.at !== null;
  useKeys([
    ...keys.map(([key, view]) => {
      return { keys: key, what: `go to ${view}`, act: () => look({ view, taskId: null }) };
    }),
    ...(isPast ? [] : [{ keys: ',', what: 'one event back', act: () => goBack(1) }]),
  ]);

  function goBack(by: number): void {
    look({ at: Math.max(1, live.fold().position() - by) });
  }

  return (
    <nav className="views" aria-label="Views">
      {Object.entries(titles).map(([view, title]) => (
        <button
          key={view}
          type="button"
          aria-current={address.view === view}
          onClick={() => look({ view: view as ViewName })}
        >
          {title}
        </button>
      ))}
      <button
        type="button"
        aria-pressed={isPast}
        title={isPast ? 'Back to live' : 'The board as it was (,)'}
        onClick={() => (isPast ? look({ at: null }) : goBack(0))}
      >
        {icons.clock}
        Past
      </button>
    </nav>
  );
}
