/** Everything the tables can be asked. */
import type Database from 'better-sqlite3';
import { type BoardQueries, prepareBoardQueries } from './board/queries.ts';
import { type CommentQueries, prepareCommentQueries } from './comments/queries.ts';
import { type DispatcherQueries, prepareDispatcherQueries } from './dispatchers/queries.ts';
import { type InvariantQueries, prepareInvariantQueries } from './invariants/queries.ts';
import { prepareRefusedQueries, type RefusedQueries } from './refused/queries.ts';
import { prepareRunQueries, type RunQueries } from './runs/queries.ts';
import { prepareSearchQueries, type SearchQueries } from './search/queries.ts';
import { prepareStatsQueries, type StatsQueries } from './stats/queries.ts';
import { prepareTaskQueries, type TaskQueries } from './tasks/queries.ts';
import { prepareTimelineQueries, type TimelineQueries } from './timeline/queries.ts';
import { prepareTroubleQueries, type TroubleQueries } from './troubles/queries.ts';
import { type LooseEndQueries, prepareLooseEndQueries } from './unpaired/queries.ts';

/**
 * The questions, prepared and synchronous. `nowMs` is the wall clock, UTC ms: with it a scheduled
 * task whose time has come reads as ready.
 */
export interface Queries
  extends TaskQueries,
    RunQueries,
    CommentQueries,
    TimelineQueries,
    StatsQueries,
    SearchQueries,
    BoardQueries,
    DispatcherQueries,
    RefusedQueries,
    TroubleQueries,
    LooseEndQueries,
    InvariantQueries {}

/** Prepares all questions on a connection. */
export function prepareQueries(db: Database.Database): Queries {
  return {
    ...prepareTaskQueries(db),
    ...prepareRunQueries(db),
    ...prepareCommentQueries(db),
    ...prepareTimelineQueries(db),
    ...prepareStatsQueries(db),
    ...prepareSearchQueries(db),
    ...prepareBoardQueries(db),
    ...prepareDispatcherQueries(db),
    ...prepareRefusedQueries(db),
    ...prepareTroubleQueries(db),
    ...prepareLooseEndQueries(db),
    ...prepareInvariantQueries(db),
  };
}
