/**
 * Columns for people: no lines, no boxes, never wider than the terminal.
 *
 * Written out, because a table library took an eighth of the time of a whole `logboard list`: it
 * copies its options for every cell.
 */
import type { Style } from './style.ts';
import { cutTo, padTo, widthOf } from './width.ts';

/** A column, and how it behaves when there is little room. */
export interface Column {
  readonly head?: string;
  /** Is cut when there is too little room; its cells are plain text. One per table. */
  readonly stretch?: boolean;
  readonly align?: 'left' | 'right';
}

const gap = '  ';
/** A cut column keeps at least this many characters, even if the terminal is too narrow for it. */
const stretchMin = 12;

/** The rows under their heads, one line each, without a line end after the last. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  style: Style,
): string {
  const hasHeads = columns.some((column) => column.head !== undefined);
  const heads = columns.map((column) => column.head ?? '');
  const widths = columnWidths(columns, hasHeads ? [heads, ...rows] : rows, style.columns);
  const line = (cells: readonly string[]) =>
    columns
      .map((column, index) => cell(cells[index] ?? '', column, widths[index] ?? 0))
      .join(gap)
      .trimEnd();
  return [...(hasHeads ? [style.paint('dim', line(heads))] : []), ...rows.map(line)].join('\n');
}

function cell(text: string, { align = 'left', stretch = false }: Column, width: number): string {
  return padTo(width, stretch ? cutTo(width, text) : text, align);
}

function columnWidths(
  columns: readonly Column[],
  lines: readonly (readonly string[])[],
  widthMax: number,
): readonly number[] {
  const widths = columns.map((_, index) =>
    lines.reduce((widest, line) => Math.max(widest, widthOf(line[index] ?? '')), 0),
  );
  const total = widths.reduce((sum, width) => sum + width, gap.length * (columns.length - 1));
  const excess = Math.max(0, total - widthMax);
  return widths.map((width, index) =>
    columns[index]?.stretch && excess > 0 ? Math.max(stretchMin, width - excess) : width,
  );
}
