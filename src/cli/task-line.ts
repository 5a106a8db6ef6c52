/** A task in one line: its id, where it stands, and what it is. */
import type { ListedTask } from '../../projections/tasks/row.ts';
import { plainLine } from './sanitize.ts';
import { statusLabel } from './status.ts';
import type { Style } from './style.ts';
import { cutTo, widthOf } from './width.ts';

/** What stands around the task in its line. */
export interface Around {
  readonly before?: string;
  readonly after?: string;
}

/** A title is never cut shorter than this; then lines wrap. */
const titleMin = 16;

/** `T-…  ● running  the title`, cut so that the line fits the terminal. */
export function taskLine(
  { taskId, status, title }: Pick<ListedTask, 'taskId' | 'status' | 'title'>,
  style: Style,
  { before, after }: Around = {},
): string {
  const first = [before, taskId, statusLabel(status, style)].filter((part) => part !== undefined);
  const last = after === undefined ? [] : [style.paint('dim', after)];
  const taken = widthOf([...first, '', ...last].join('  '));
  const room = Math.max(titleMin, style.columns - taken);
  return [...first, cutTo(room, plainLine(title)), ...last].join('  ');
}
