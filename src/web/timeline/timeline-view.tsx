/** The timeline: what tasks, or workers, were at, in exact stretches up to now. */
import { useCallback, useMemo, useRef, useState } from 'react';
import type { Chart, Data } from '../../gantt/chart.mjs';
import { type Life, matching, type Row, taskRows, workerRows } from '../../gantt/rows.mjs';
import type { Span } from '../../gantt/view.mjs';
import { livesOf, type PictureDocument, signOf } from '../api/picture-document.ts';
import { useLooking, useParts } from '../shell/page-context.ts';
import { useNow } from '../shell/use-board.ts';
import { livesUpTo } from '../state/lives.ts';
import { counted } from '../state/words.ts';
import '../styles/timeline.css';
import { ChartCanvas } from './chart-canvas.tsx';
import { FoundPanel } from './found-panel.tsx';
import { Legend } from './legend.tsx';
import { LivesTable } from './lives-table.tsx';
import type { Found } from './open-chart.ts';
import { RangePanel } from './range-panel.tsx';
import { usePicture } from './use-picture.ts';

const clockMs = 1_000;

/** The view. */
export function TimelineView() {
  const { picture, problem } = usePicture();
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
  const [isByWorker, setByWorker] = useState(false);
  const [isBrushing, setBrushing] = useState(false);
  const [brush, setBrush] = useState<Span>();
  const [found, setFound] = useState<Found>({});
  const chart = useRef<Chart>(undefined);
  const data = useData(picture);
  const { rows, all } = useRows(data.lives, isByWorker);
  const titles = useMemo(
    () => new Map(picture.tasks.map(({ taskId, title }) => [taskId, title])),
    [picture],
  );
  const titleOf = useCallback((taskId: string) => titles.get(taskId) ?? '', [titles]);

  return (
    <section className="timeline" aria-label="Timeline">
      <header>
        <fieldset className="choice">
          <legend className="unseen">Rows</legend>
          {['Tasks', 'Workers'].map((name) => (
            <label key={name}>
              <input
                type="radio"
                name="rows"
                checked={isByWorker === (name === 'Workers')}
                onChange={() => setByWorker(name === 'Workers')}
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
          onClick={() => setBrushing(!isBrushing)}
        >
          Choose a range
        </button>
        <p className="faint" role="status">
          {countWords(rows.length, all, isByWorker)}
          {picture.omitted > 0 && `, ${picture.omitted} older tasks are left out`}
        </p>
      </header>
      <ChartCanvas
        {...{ data, rows, isByWorker, titleOf, brush, isBrushing }}
        onBrush={setBrush}
        onPick={setFound}
        onChart={(made) => {
          chart.current = made;
        }}
      />
      <footer>
        {brush === undefined ? (
          <FoundPanel found={found} titleOf={titleOf} />
        ) : (
          <RangePanel lives={data.lives} range={brush} onClear={() => setBrush(undefined)} />
        )}
        <Legend lives={data.lives} around={data.signs} />
        <LivesTable rows={rows} titleOf={titleOf} />
      </footer>
    </section>
  );
}

function countWords(shown: number, all: number, isByWorker: boolean): string {
  const what = isByWorker
    ? counted(all, 'lane of workers', 'lanes of workers')
    : counted(all, 'task');
  return shown === all ? what : `${shown} of ${what}`;
}

/** The picture as it is now: what is open goes on. */
function useData(picture: PictureDocument): Data {
  const { canWrite } = useParts();
  const clock = useNow(clockMs);
  const nowMs = canWrite ? Math.max(clock, picture.nowMs) : picture.nowMs;
  const drawn = useMemo(() => {
    return { lives: livesOf(picture), signs: picture.marks.map((mark) => signOf(mark)) };
  }, [picture]);
  return useMemo(() => {
    const lives = livesUpTo(drawn.lives, nowMs);
    const bars = lives.flatMap((life) => life.bars);
    const isAtWork = bars.some(({ isOpen, runId }) => isOpen && runId !== null);
    const begun = bars.reduce((last, bar) => Math.max(last, bar.fromAtMs), picture.toAtMs);
    const toAtMs = isAtWork ? nowMs : Math.min(nowMs, begun);
    return { ...drawn, lives, nowMs, fromAtMs: picture.fromAtMs, toAtMs };
  }, [drawn, picture, nowMs]);
}

function useRows(
  lives: readonly Life[],
  isByWorker: boolean,
): { readonly rows: readonly Row[]; readonly all: number } {
  const { filter } = useLooking().address;
  return useMemo(() => {
    const wanted = lives.filter((life) => isWanted(life, filter.assignee));
    const all = isByWorker ? workerRows(wanted) : taskRows(wanted);
    return { rows: matching(all, filter.words), all: all.length };
  }, [lives, isByWorker, filter]);
}

/** Whether a task was ever somebody's. */
function isWanted({ bars }: Life, asked: string): boolean {
  if (asked === '') return true;
  return bars.some(({ assignee }) => (asked === '-' ? assignee === null : assignee === asked));
}
