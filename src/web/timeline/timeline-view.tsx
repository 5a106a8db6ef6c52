/** The timeline: what tasks, or workers, were at, in exact stretches up to now. */
import { useCallback, useMemo, useRef, useState } from 'react';
import type { Chart } from '../../gantt/chart.mjs';
import type { PictureDocument } from '../api/picture-document.ts';
import { useLooking } from '../shell/page-context.ts';
import { counted } from '../state/words.ts';
import '../styles/timeline.css';
import { BelowChart } from './below-chart.tsx';
import { ChartCanvas } from './chart-canvas.tsx';
import type { Found } from './open-chart.ts';
import { TimelineControls } from './timeline-controls.tsx';
import { useData, useRows, useWantedPicture } from './use-data.ts';
import { useRange } from './use-range.ts';

/** More rows than this nobody looks through. */
const tasksMax = 500;

/** The view. */
export function TimelineView() {
  const { picture, problem } = useWantedPicture(tasksMax);
  if (picture === undefined) {
    return (
      <section className="empty" role="status">
        <p>{problem?.detail ?? 'Reading the timeline…'}</p>
      </section>
    );
  }
  if (picture.tasks.length === 0) {
    return (
      <section className="empty">
        <h2>Nothing has happened yet</h2>
        <p>As soon as there is a task, its life is drawn here.</p>
      </section>
    );
  }
  return <Timeline picture={picture} />;
}

function Timeline({ picture }: { readonly picture: PictureDocument }) {
  const { address, look } = useLooking();
  const isByWorker = address.rows === 'workers';
  const [isBrushing, setBrushing] = useState(false);
  const [brush, setBrush] = useRange();
  const [found, setFound] = useState<Found>({});
  const chart = useRef<Chart>(undefined);
  const data = useData(picture);
  const { rows, shown, all } = useRows(data.lives, isByWorker);
  const titles = useMemo(
    () => new Map(picture.tasks.map(({ taskId, title }) => [taskId, title])),
    [picture],
  );
  const titleOf = useCallback((taskId: string) => titles.get(taskId) ?? '', [titles]);

  return (
    <section className="timeline" aria-label="Timeline">
      <TimelineControls
        {...{ isByWorker, isBrushing, chart }}
        onByWorker={(isOn) => look({ rows: isOn ? 'workers' : 'tasks' }, 'replace')}
        onShown={() => chart.current && setBrush(chart.current.shown())}
        onBrushing={setBrushing}
        words={countWords(shown, all, isByWorker) + leftOut(picture.omitted)}
      />
      <ChartCanvas
        {...{ data, rows, isByWorker, titleOf, brush, isBrushing }}
        onBrush={setBrush}
        onPick={setFound}
        onChart={(made) => {
          chart.current = made;
        }}
      />
      <BelowChart {...{ data, rows, found, titleOf, brush }} onClear={() => setBrush(undefined)} />
    </section>
  );
}

function leftOut(omitted: number): string {
  return omitted === 0 ? '' : `, ${omitted.toLocaleString('en')} older tasks are left out`;
}

function countWords(shown: number, all: number, isByWorker: boolean): string {
  const what = isByWorker
    ? counted(all, 'lane of workers', 'lanes of workers')
    : counted(all, 'task');
  return shown === all ? what : `${shown} of ${what}`;
}
