/** The row of controls above the timeline. */
import type { RefObject } from 'react';
import type { Chart } from '../../gantt/chart.mjs';

interface ControlsProps {
  readonly isByWorker: boolean;
  readonly onByWorker: (isByWorker: boolean) => void;
  /** Whether dragging chooses a range. */
  readonly isBrushing: boolean;
  readonly onBrushing: (isBrushing: boolean) => void;
  /** Chooses the range that is shown: zoom and keys can make any. */
  readonly onShown: () => void;
  readonly chart: RefObject<Chart | undefined>;
  /** How much is shown. */
  readonly words: string;
}

/** The controls. */
export function TimelineControls(props: ControlsProps) {
  const { isByWorker, onByWorker, isBrushing, onBrushing, onShown, chart, words } = props;
  return (
    <header>
      <fieldset className="choice">
        <legend className="unseen">Rows</legend>
        {['Tasks', 'Workers'].map((name) => (
          <label key={name}>
            <input
              type="radio"
              name="rows"
              checked={isByWorker === (name === 'Workers')}
              onChange={() => onByWorker(name === 'Workers')}
            />
            {name}
          </label>
        ))}
      </fieldset>
      <span className="buttons">
        <button type="button" aria-label="Wider" onClick={() => chart.current?.glideBy(2)}>
          −
        </button>
        <button type="button" aria-label="Closer" onClick={() => chart.current?.glideBy(1 / 2)}>
          +
        </button>
        <button type="button" onClick={() => chart.current?.showAll()}>
          All
        </button>
      </span>
      <button
        type="button"
        aria-pressed={isBrushing}
        title="Dragging chooses a range; with Shift it always does"
        onClick={() => onBrushing(!isBrushing)}
      >
        Choose a range
      </button>
      <button type="button" title="Chooses the range that is shown now" onClick={onShown}>
        Choose what is shown
      </button>
      <p className="faint" role="status">
        {words}
      </p>
    </header>
  );
}
