/** An entry of the timeline as programs see it. These names are permanent. */
import type { TimelineRow } from '../../projections/timeline/row.ts';
import { isoTime } from './iso-time.ts';

/** The JSON of an entry; `data` is what the event says, as the log has it, with long texts cut. */
export function timelineJson(row: TimelineRow) {
  return {
    position: row.position,
    ordinal: row.ordinal,
    at: isoTime(row.atMs),
    taskId: row.taskId,
    runId: row.runId,
    type: row.type,
    importance: row.importance,
    actor: { kind: row.actorKind, id: row.actorId },
    surface: row.surface,
    data: row.data,
    correlationId: row.correlationId,
    causationId: row.causationId,
  };
}
