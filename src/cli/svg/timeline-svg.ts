/**
 * A picture of the past as one SVG that needs nothing else: for reports that are read elsewhere.
 * Times are UTC. It is kept small: of much, the first rows and stretches are drawn, and what was
 * left out is said.
 */
import type { Picture, PicturedTask } from '../../app/picture.ts';
import { segmentKinds } from '../../domain/life.ts';
import type { Mark } from '../../domain/marks.ts';
import type { Segment } from '../../domain/segments.ts';
import { markLooks, segmentLooks } from '../../gantt/looks.mjs';
import { momentText, ticksBetween } from '../../gantt/ticks.mjs';
import { escapeMarkup } from '../html/escape.ts';
import { plainLine } from '../sanitize.ts';
import { cutTo } from '../width.ts';
import { bar, patterns } from './bars.ts';

/** How much may be drawn; the rest is left out, and the picture says how much that is. */
export interface SvgLimits {
  readonly rowsMax?: number;
  readonly shapesMax?: number;
}

const width = 1_000;
const left = 250;
const right = width - 16;
const rowHeight = 26;
const top = 52;
const ink = '#1f2933';
const faint = '#5b6672';

/** What every part of the drawing needs to know. */
interface Drawing {
  readonly fromAtMs: number;
  readonly toAtMs: number;
  readonly rows: readonly PicturedTask[];
  readonly height: number;
  /** The column of a moment. */
  x(atMs: number): number;
}

/** The SVG of a picture. */
export function timelineSvg(picture: Picture, limits: SvgLimits = {}): string {
  const { rowsMax = 40, shapesMax = 2_000 } = limits;
  const rows = withinLimits(picture.tasks, rowsMax, shapesMax);
  const drawing = drawingOf(picture, rows);
  const omitted = picture.tasks.length - rows.length;
  const kinds = segmentKinds.filter((kind) => isShown(drawing, kind));
  const marks = [...rows.flatMap((row) => row.marks), ...picture.marks];
  const markKinds = Object.keys(markLooks).filter((kind) => marks.some((m) => m.kind === kind));
  const key = legend([...kinds.map(segmentKey), ...markKinds.map(markKey)], drawing.height);
  const height = key.bottom + (omitted > 0 ? 22 : 4);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}"`,
    ` height="${height}" font-family="system-ui, sans-serif" font-size="12" role="img">`,
    `<title>${escapeMarkup(titleOf(picture))}</title>`,
    `<defs>${patterns(kinds)}</defs>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    axis(drawing),
    boardMarks(drawing, picture.marks),
    ...rows.map((row, index) => rowOf(drawing, row, top + index * rowHeight)),
    key.markup,
    omitted > 0 ? text([16, height - 10], `… and ${omitted} more tasks`) : '',
    '</svg>',
  ];
  return parts.join('\n');
}

function withinLimits(tasks: readonly PicturedTask[], rowsMax: number, shapesMax: number) {
  let shapes = 0;
  return tasks.slice(0, rowsMax).filter(({ segments, marks }) => {
    shapes += segments.length + marks.length;
    return shapes <= shapesMax;
  });
}

function drawingOf(picture: Picture, rows: readonly PicturedTask[]): Drawing {
  const { fromAtMs } = picture;
  // A picture of a single moment still needs a width.
  const toAtMs = Math.max(picture.toAtMs, fromAtMs + 1);
  const scale = (right - left) / (toAtMs - fromAtMs);
  const height = top + Math.max(1, rows.length) * rowHeight;
  const x = (atMs: number) => {
    return round(left + (Math.min(Math.max(atMs, fromAtMs), toAtMs) - fromAtMs) * scale);
  };
  return { fromAtMs, toAtMs, rows, height, x };
}

function titleOf({ fromAtMs, toAtMs, tasks }: Picture): string {
  const what = tasks.length === 1 ? '1 task' : `${tasks.length} tasks`;
  return `${what}, ${momentText(fromAtMs)} to ${momentText(toAtMs)} UTC`;
}

function axis({ fromAtMs, toAtMs, height, x }: Drawing): string {
  const ticks = ticksBetween(fromAtMs, toAtMs, 8);
  const lines = ticks.map(({ atMs, label, isDay }) => {
    const line = `<path d="M${x(atMs)} ${top - 10}V${height}" stroke="#e3e7eb"/>`;
    const colour = isDay ? ink : faint;
    return `${line}<g text-anchor="middle">${text([x(atMs), top - 16], label, colour)}</g>`;
  });
  const range = `${momentText(fromAtMs)} – ${momentText(toAtMs)} UTC`;
  return [text([16, 20], range, ink), ...lines].join('\n');
}

function rowOf(drawing: Drawing, row: PicturedTask, y: number): string {
  const { x, fromAtMs, toAtMs } = drawing;
  const title = cutTo(20, plainLine(row.title));
  const label =
    `<text x="16" y="${y + 17}" fill="${ink}"><tspan font-family="ui-monospace, monospace" ` +
    `font-size="11">${row.taskId}</tspan><tspan dx="6" fill="${faint}">` +
    `${escapeMarkup(title)}</tspan></text>`;
  const shown = row.segments.filter((each) => each.toAtMs >= fromAtMs && each.fromAtMs <= toAtMs);
  const drawn = shown.map((segment) => {
    const from = x(segment.fromAtMs);
    const place = { x: from, width: round(x(segment.toAtMs) - from), y: y + 5, height: 16 };
    return bar(segment.kind, place, segmentTitle(segment));
  });
  const marks = row.marks.filter(({ atMs }) => fromAtMs <= atMs && atMs <= toAtMs);
  return [label, ...drawn, ...marks.map((mark) => markAt(mark, x(mark.atMs), y + 13))].join('\n');
}

function boardMarks({ x, height }: Drawing, marks: readonly Mark[]): string {
  const lines = marks.map((mark) => {
    const at = x(mark.atMs);
    const colour = markLooks[mark.kind]?.light;
    const way = `M${at} ${top - 4}V${height}`;
    const line = `<path d="${way}" stroke="${colour}" stroke-dasharray="2 3"/>`;
    return line + markAt(mark, at, top - 4);
  });
  return lines.join('\n');
}

function markAt(mark: Mark, x: number, y: number): string {
  const look = markLooks[mark.kind];
  const words = `${look?.word}: ${mark.type} #${mark.position}, ${momentText(mark.atMs)} UTC`;
  return (
    `<path transform="translate(${x} ${y})" d="${look?.shape}" fill="${look?.light}" ` +
    `fill-rule="evenodd" stroke="#ffffff" stroke-width="1" paint-order="stroke">` +
    `<title>${escapeMarkup(words)}</title></path>`
  );
}

function segmentTitle({ kind, fromAtMs, toAtMs, runId }: Segment): string {
  const span = `${momentText(fromAtMs)} – ${momentText(toAtMs)} UTC`;
  return [segmentLooks[kind]?.word ?? kind, ...(runId === null ? [] : [runId]), span].join(', ');
}

function isShown({ rows, fromAtMs, toAtMs }: Drawing, kind: string): boolean {
  return rows.some(({ segments }) =>
    segments.some((s) => s.kind === kind && s.toAtMs >= fromAtMs && s.fromAtMs <= toAtMs),
  );
}

interface Key {
  readonly word: string;
  draw(x: number, y: number): string;
}

function segmentKey(kind: string): Key {
  const word = segmentLooks[kind]?.word ?? kind;
  return { word, draw: (x, y) => bar(kind, { x, y: y - 10, width: 22, height: 12 }, word) };
}

function markKey(kind: string): Key {
  const { word = kind, shape, light } = markLooks[kind] ?? {};
  const path = (x: number, y: number) =>
    `<path transform="translate(${x + 11} ${y - 4})" d="${shape}" fill="${light}" ` +
    'fill-rule="evenodd"/>';
  return { word, draw: path };
}

/** Keys in columns of one width, so that none overlaps another. */
function legend(keys: readonly Key[], above: number): { markup: string; bottom: number } {
  const columns = 4;
  const columnWidth = (width - 32) / columns;
  const markup = keys.map(({ word, draw }, index) => {
    const x = 16 + (index % columns) * columnWidth;
    const y = above + 28 + Math.floor(index / columns) * 20;
    return draw(x, y) + text([x + 30, y], word);
  });
  return { markup: markup.join('\n'), bottom: above + 20 + Math.ceil(keys.length / columns) * 20 };
}

function text(at: readonly [x: number, y: number], words: string, fill = faint): string {
  const [x, y] = at;
  return `<text x="${x}" y="${y}" fill="${fill}">${escapeMarkup(words)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
