/** All projections, in the order in which an event passes through them. */
import { board } from './board/board.ts';
import { comments } from './comments/comments.ts';
import { dispatchers } from './dispatchers/dispatchers.ts';
import { links } from './links/links.ts';
import type { Projection } from './projection.ts';
import { refused } from './refused/refused.ts';
import { runs } from './runs/runs.ts';
import { search } from './search/search.ts';
import { stats } from './stats/stats.ts';
import { tasks } from './tasks/tasks.ts';
import { timeline } from './timeline/timeline.ts';
import { troubles } from './troubles/troubles.ts';
import { unpaired } from './unpaired/unpaired.ts';

export type { RunEnding } from '../src/domain/run/record.ts';
export type { BoardRow } from './board/row.ts';
export type { Checkpoint } from './checkpoint/checkpoint.ts';
export type { CommentRow } from './comments/comments.ts';
export type { DispatcherRow } from './dispatchers/row.ts';
export type { BrokenInvariant } from './invariants/queries.ts';
export type { Queries } from './queries.ts';
export type { RefusedRow } from './refused/refused.ts';
export type { RunRow } from './runs/row.ts';
export type { SearchHit } from './search/queries.ts';
export type { AssigneeRow, Stats, StatusCounts } from './stats/queries.ts';
export type { ReadyOptions, TaskFilter, TaskPage, TaskSort } from './tasks/queries.ts';
export type { ListedTask, TaskRow } from './tasks/row.ts';
export type { Importance } from './timeline/importance.ts';
export type { TimelineFilter } from './timeline/queries.ts';
export type { TimelineRow } from './timeline/row.ts';
export type { SuspectBounds } from './troubles/queries.ts';
export type { TroubleRow } from './troubles/row.ts';
export type { LooseEnd } from './unpaired/queries.ts';

/** Those that tell what others changed come after them. */
export const projections: readonly Projection[] = [
  board,
  dispatchers,
  links,
  runs,
  tasks,
  comments,
  refused,
  unpaired,
  troubles,
  timeline,
  stats,
  search,
];
