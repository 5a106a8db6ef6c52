/** The whole screen of a replay: the board, what just happened, how far it is, and the keys. */
import { type Density, sliceOf } from '../../app/replay/density.ts';
import type { PlaybackState } from '../../app/replay/playback.ts';
import type { Position } from '../../log/event-log.ts';
import { figure } from '../../wire/counted.ts';
import type { Style, Tone } from '../style.ts';
import { clockTime } from '../time.ts';
import { phraseOf } from '../timeline-words.ts';
import { type BoardView, boardLines, type Room } from './board-lines.ts';
import { exactly, lineOf, type Piece } from './cells.ts';

/** Everything that is to be seen. */
export interface ScreenView extends Omit<BoardView, 'nowMs' | 'changed'> {
  /** What the board is called by whoever watches. */
  readonly board: string;
  readonly state: PlaybackState;
  readonly density: Density;
  readonly first: Position;
  readonly last: Position;
  /** Up to where the board contains the log. */
  readonly position: Position;
}

/** Most events told below the board, the latest last. */
const eventsMax = 5;

/** Lines that are no events and not the board: title, blank, progress, keys. */
const framing = 4;

/** The lines of the screen: as many as it has rows, none wider than it is. */
export function screenLines(view: ScreenView, room: Room, style: Style): readonly string[] {
  const { rows, columns } = room;
  const { frame, nowMs } = view.state;
  const events = eventLines(view, Math.max(1, Math.min(eventsMax, Math.floor(rows / 6))), room);
  const boardRows = Math.max(0, rows - framing - events.length);
  const changed = new Set(frame?.changed.map((task) => task.taskId));
  const board = boardLines({ ...view, nowMs, changed }, { rows: boardRows, columns }, style);
  const blanks = new Array<string>(Math.max(0, boardRows - board.length)).fill('');
  return [
    lineOf(title(view), columns, style),
    ...board,
    ...blanks,
    '',
    ...events.map((pieces) => lineOf(pieces, columns, style)),
    lineOf(progress(view, columns), columns, style),
    lineOf([{ text: keys, tone: 'dim' }], columns, style),
  ].slice(-rows);
}

const keys = 'space pause   . step on   , step back   + - speed   q quit';

function title({ board, state }: ScreenView): readonly Piece[] {
  const [word, tone] = mood(state);
  return [
    { text: 'replay', tone: 'strong' },
    { text: `  ${clockTime(state.nowMs, 0)}  ` },
    { text: word === '' ? '' : `${word}  `, tone },
    { text: board, tone: 'dim' },
  ];
}

function mood({ isOver, isPaused, stoppedAt }: PlaybackState): readonly [string, Tone?] {
  if (stoppedAt !== undefined) return [`stopped at: ${stoppedAt}`, 'warn'];
  if (isOver) return ['the end', 'good'];
  return isPaused ? ['paused', 'warn'] : [''];
}

/** The latest entries up to here; the one that was just made stands out. */
function eventLines(view: ScreenView, count: number, { columns }: Room): readonly Piece[][] {
  const { queries, position, state, taskIds } = view;
  const { frame, nowMs } = state;
  const only = taskIds?.length === 1 && taskIds[0] !== undefined ? { taskId: taskIds[0] } : {};
  const beforePosition = frame?.position ?? position + 1;
  const filter = { ...only, beforePosition, minImportance: 2, newestFirst: true } as const;
  const earlier = queries.timeline({ ...filter, limit: count }).toReversed();
  const rows = [...earlier, ...(frame?.entries ?? [])].slice(-count);
  const blanks = new Array<Piece[]>(Math.max(0, count - rows.length)).fill([]);
  const lines = rows.map((row): Piece[] => {
    const isNow = row.position === frame?.position;
    const place = `#${figure(row.position)}`.padStart(`#${figure(view.last)}`.length);
    const when = `${place}  ${clockTime(row.atMs, nowMs)}  `;
    const whose = columns < narrow ? '' : `${exactly(12, row.taskId ?? '')}  `;
    return [
      { text: `${when}${whose}`, tone: 'dim' },
      { text: phraseOf(row, nowMs), tone: isNow ? 'strong' : 'dim' },
    ];
  });
  return [...blanks, ...lines];
}

/** Narrower screens leave out what can be left out. */
const narrow = 64;

const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** `▶ 10×  ▁▃█▁▁┃▁▅  #412 of 500` */
function progress(view: ScreenView, columns: number): readonly Piece[] {
  const { state, density, last, position } = view;
  const { pace } = state;
  const idle = Number.isFinite(pace.idleMaxMs) ? ` idle ≤ ${pace.idleMaxMs / 1_000}s` : '';
  const before = `${state.isPaused || state.isOver ? '‖' : '▶'} ${pace.speed}×${idle}  `;
  const after = `  #${figure(position)} of ${figure(last)}`;
  const width = Math.max(0, columns - before.length - after.length);
  const here = sliceOf(state.nowMs, density, Math.max(1, width));
  const heights = resampled(density.slices, width).map(barOf);
  return [
    { text: before },
    { text: heights.slice(0, here).join(''), tone: 'active' },
    { text: width === 0 ? '' : '┃', tone: 'strong' },
    { text: heights.slice(here + 1).join(''), tone: 'dim' },
    { text: after },
  ];
}

/** Any event at all is more to see than none. */
function barOf(share: number): string {
  return share === 0 ? ' ' : (bars[Math.ceil(share * (bars.length - 1))] ?? '█');
}

/** So many slices instead of as many as there are: each as full as the fullest it covers. */
function resampled(slices: readonly number[], count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => {
    const from = Math.floor((index * slices.length) / count);
    const to = Math.max(from + 1, Math.floor(((index + 1) * slices.length) / count));
    return Math.max(0, ...slices.slice(from, to));
  });
}
