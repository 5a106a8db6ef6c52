/**
 * Which event led to which, within the life of a task: what the events themselves say (causation
 * ids), and what follows from them (a claim needs a task that is ready, a run needs its claim, a
 * write is stale because its run is over).
 */
import { type Recorded, streamId } from './catalogue.ts';
import type { TaskPast } from './life.ts';
import { isTerminal, type RunEvent } from './run/events.ts';
import { type Segment, segmentsOf } from './segments.ts';

/** Finds the position of what led to an event of a task; undefined for a beginning. */
export type CauseOf = (event: Recorded) => number | undefined;

/** Prepares the question for the events of a task's own streams and its runs. */
export function causesIn(past: TaskPast): CauseOf {
  const { events, taskId } = past;
  const byId = new Map(events.map((event) => [event.id, event.position]));
  const own = events.filter(({ stream }) => stream === `task-${taskId}`);
  const claims = new Map(
    own.flatMap((event) => (event.type === 'TaskClaimed' ? [[event.data.runId, event]] : [])),
  );
  const ends = new Map(
    events
      .filter(({ stream, type }) => stream.startsWith('run-') && isTerminal({ type } as RunEvent))
      .map((event) => [streamId(event.stream), event.position]),
  );
  const life = segmentsOf(past, Number.MAX_SAFE_INTEGER);

  return (event) => {
    const said = byId.get(event.meta.$causationId);
    if (said !== undefined && said !== event.position) return said;
    if (event.type === 'TaskClaimed') return whatMadeItReady(life, event.position);
    if (event.type === 'WriteRefused' || event.type === 'RefusalsSummarized') {
      return ends.get(event.data.runId);
    }
    const runId = event.stream.startsWith('run-') ? streamId(event.stream) : runOf(event);
    const claim = claims.get(runId ?? '');
    return claim === undefined || claim.position >= event.position ? undefined : claim.position;
  };
}

/** The run that an event of the task's stream is about, or whose worker wrote it. */
function runOf({ data, meta }: Recorded): string | undefined {
  if ('runId' in data && data.runId !== undefined) return data.runId;
  return meta.actor.kind === 'worker' ? meta.actor.id : undefined;
}

/** What ended the wait before a claim: the clock only ended what some event had begun. */
function whatMadeItReady(life: readonly Segment[], claimPosition: number): number | undefined {
  const claimed = life.findIndex(({ fromPosition }) => fromPosition === claimPosition);
  for (const { because } of life.slice(0, Math.max(0, claimed)).toReversed()) {
    if ('position' in because) return because.position;
  }
  return undefined;
}
