/** Columns for people: no lines, no boxes, never wider than the terminal. */
import Table from 'cli-table3';
import type { Style } from './style.ts';
import { widthOf } from './width.ts';

/** A column, and how it behaves when there is little room. */
export interface Column {
  readonly head?: string;
  /** Takes the room that is left, and is cut when there is too little of it. One per table. */
  readonly stretch?: boolean;
  readonly align?: 'left' | 'right';
}

const gap = '  ';
/** A cut column keeps at least this many characters, even if the terminal is too narrow for it. */
const stretchMin = 12;

const noLines = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid'].flatMap((side) =>
    [side, `${side}-mid`, `${side}-left`, `${side}-right`].map((name) => [name, '']),
  ),
);

/** The rows under their heads, one line each, without a line end after the last. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  style: Style,
): string {
  const hasHeads = columns.some((column) => column.head !== undefined);
  const heads = columns.map((column) => style.paint('dim', column.head ?? ''));
  const lines = hasHeads ? [heads, ...rows] : rows;
  const table = new Table({
    chars: { ...noLines, middle: gap },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    colAligns: columns.map((column) => column.align ?? 'left'),
    colWidths: columnWidths(columns, lines, style.columns),
  });
  table.push(...lines.map((line) => [...line]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

function columnWidths(
  columns: readonly Column[],
  lines: readonly (readonly string[])[],
  widthMax: number,
): number[] {
  const widths = columns.map((_, index) =>
    lines.reduce((widest, line) => Math.max(widest, widthOf(line[index] ?? '')), 0),
  );
  const total = widths.reduce((sum, width) => sum + width, gap.length * (columns.length - 1));
  const excess = total - widthMax;
  const stretch = columns.findIndex((column) => column.stretch);
  if (excess <= 0 || stretch === -1) return widths;
  const room = Math.max(stretchMin, (widths[stretch] ?? 0) - excess);
  return widths.map((width, index) => (index === stretch ? room : width));
}
