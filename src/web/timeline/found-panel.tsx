/** What was chosen on the timeline, in words, and where it leads. */
import { tellBar, tellSign } from '../../gantt/tell.mjs';
import { useLooking } from '../shell/page-context.ts';
import type { Found } from './open-chart.ts';
import { ToldThing } from './told-thing.tsx';

interface FoundProps {
  readonly found: Found;
  readonly titleOf: (taskId: string) => string;
}

/** The panel. */
export function FoundPanel({ found, titleOf }: FoundProps) {
  const { look } = useLooking();
  const { bar, sign, row } = found;
  const telling =
    sign !== undefined
      ? tellSign(sign)
      : bar !== undefined
        ? tellBar(bar, titleOf(bar.taskId))
        : row && tellRow(row.label === '' ? (row.key.split('\n')[0] ?? '') : row.label, row);
  const taskId = sign?.taskId ?? bar?.taskId ?? row?.bars[0]?.taskId ?? null;
  const position = sign?.position ?? bar?.fromPosition ?? null;
  return (
    <section className="panel" aria-label="Details" aria-live="polite">
      {telling === undefined ? <Hints /> : <ToldThing telling={telling} />}
      {telling !== undefined && (
        <p className="deeds">
          {taskId !== null && (
            <button type="button" onClick={() => look({ taskId })}>
              Open {taskId}
            </button>
          )}
          {position !== null && (
            <button type="button" onClick={() => look({ view: 'board', at: position })}>
              The board then
            </button>
          )}
        </p>
      )}
    </section>
  );
}

function Hints() {
  return (
    <>
      <p className="faint by-keys">
        The wheel zooms, dragging pans, a click tells more; dragging with Shift chooses a range. On
        the keys: Tab and arrows for rows, Shift with arrows along a row, + − zoom, 0 all.
      </p>
      <p className="faint by-touch">
        Dragging pans, + and − zoom, a tap tells more; while “Choose a range” is on, dragging
        chooses.
      </p>
    </>
  );
}

function tellRow(headline: string, row: NonNullable<Found['row']>) {
  const { detail, bars, signs, isHeading } = row;
  if (isHeading) return { headline, facts: [['has', detail] as const] };
  const has = `${bars.length} stretches, ${signs.length} marks`;
  return { headline, facts: [['what', detail] as const, ['has', has] as const] };
}
