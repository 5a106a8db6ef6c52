/** How uPlot is told to draw: colours of the style sheet, local clocks, ranges by dragging. */
import Drawing from 'uplot';

/** The height of a plot, in pixels. */
export const plotHigh = 170;

/** One line of a plot. */
export interface PlotLine {
  readonly label: string;
  /** A custom property of the style sheet. */
  readonly colour: `--${string}`;
  readonly values: readonly (number | null)[];
  readonly look: 'bars' | 'steps' | 'points';
  readonly isDashed?: boolean;
}

/** What a plot is drawn by. */
export interface PlotWishes {
  readonly lines: readonly PlotLine[];
  /** Words for a figure, on the axis and beside the pointer. */
  readonly figure: (value: number) => string;
  /** Figures count something: the axis has whole ones. */
  readonly isWhole: boolean;
  /** A range was chosen by dragging, UTC s. */
  readonly onRange: (fromS: number, toS: number) => void;
}

/** The options of a plot within an element; its range is told to whoever wishes by then. */
export function plotOptions(
  wishes: { readonly current: PlotWishes },
  it: HTMLElement,
): Drawing.Options {
  const colour = coloursOf(it);
  const { lines, figure, isWhole } = wishes.current;
  const axis = {
    stroke: colour('--faint'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui, sans-serif',
  };
  const said = (value: number | null | undefined) => (value == null ? '–' : figure(value));
  return {
    width: it.clientWidth,
    height: plotHigh,
    cursor: { sync: { key: 'plots' }, drag: { x: true, y: false, setScale: false } },
    padding: [8, 26, 0, 0],
    scales: { y: { range: (_, _least, most) => [0, most > 0 ? most * 1.1 : 1] } },
    axes: [
      { ...axis, space: 80, size: 26, incrs: clockSteps, values: (_, ticks) => clocksOf(ticks) },
      {
        ...axis,
        incrs: isWhole ? wholeSteps : [...fractions, ...clockSteps],
        size: 60,
        values: (_, ticks) => ticks.map(said),
      },
    ],
    series: [
      { label: 'time', value: (_, atS) => (atS === null ? '–' : (clocksOf([atS])[0] ?? '')) },
      ...lines.map((line) => ({
        label: line.label,
        stroke: colour(line.colour),
        value: (_: Drawing, value: number | null) => said(value),
        ...looksOf(line, colour(line.colour)),
      })),
    ],
    hooks: {
      setSelect: [
        (chart) => {
          const { left, width } = chart.select;
          if (width < 4) return;
          const at = (x: number) => chart.posToVal(x, 'x');
          wishes.current.onRange(at(left), at(left + width));
          chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
}

/** Distances between two marks of an axis: round ones, counted, and on a clock in s. */
const wholeSteps = [0, 1, 2, 3, 4, 5, 6].flatMap((power) => {
  return [1, 2, 5].map((step) => step * 10 ** power);
});
const fractions = [-3, -2, -1].flatMap((power) => [1, 2, 5].map((step) => step * 10 ** power));
const [minute, hour, day] = [60, 3_600, 86_400];
const clockSteps = [
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 2, 3, 6, 12].map((count) => count * hour),
  ...[1, 2, 7, 14, 28, 91, 364].map((count) => count * day),
];

function looksOf({ look, isDashed }: PlotLine, colour: string): Partial<Drawing.Series> {
  const dash = isDashed ? { dash: [5, 4] } : {};
  const { bars, stepped } = Drawing.paths;
  if (look === 'bars' && bars !== undefined) {
    return { paths: bars({ size: [0.8, 40] }), fill: colour, points: { show: false } };
  }
  if (look === 'steps' && stepped !== undefined) {
    return { paths: stepped({ align: 1 }), width: 1.5, points: { show: false }, ...dash };
  }
  return { width: 1.5, spanGaps: true, points: { show: true, size: 5, fill: colour }, ...dash };
}

/** Canvases know no custom properties: an element is asked what they come to. */
function coloursOf(it: HTMLElement): (name: string) => string {
  return (name) => {
    const probe = document.createElement('span');
    probe.style.color = `var(${name})`;
    it.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  };
}

/** Moments (UTC s) as clocks: as exact as they lie apart, with the day where it changes. */
function clocksOf(ticks: readonly number[]): string[] {
  const apartS = (ticks[1] ?? 0) - (ticks[0] ?? 0);
  const isExact = ticks.length === 1 || apartS < 60;
  let day = '';
  return ticks.map((atS) => {
    const date = new Date(atS * 1_000);
    const today = days.format(date);
    const isNew = day !== '' && day !== today;
    day = today;
    if (isNew || apartS >= 86_400) return today;
    return (isExact ? exact : times).format(date);
  });
}

const days = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const times = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });
const exact = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
