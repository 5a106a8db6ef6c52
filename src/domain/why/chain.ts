/**
 * The chain of events that led to an event: walked back, from each to the one it followed from.
 *
 * A run's end follows from the last sign of life, that from the claim, a claim from what made the
 * task ready, which may have happened to a parent: then the walk goes on in the parent's story.
 */
import type { Recorded } from '../catalogue.ts';
import { streamId } from '../catalogue.ts';
import type { RunEvent, TerminalEvent } from '../run/events.ts';
import type { TaskEvent } from '../task/events.ts';
import { linkWords } from './chain-words.ts';
import type { Link } from './explanation.ts';
import { claimOf, endingOf, lastSignOf, openingOf, type Stories, type TaskStory } from './facts.ts';

/** Links an answer shows. */
export const chainMax = 12;

/** A chain, as far as the stories that were read go. */
export interface Chain {
  readonly links: readonly Link[];
  /** Links before the first one that were met and left out. */
  readonly more: number;
  /** A story the walk could go on in; undefined when it came to its beginning. */
  readonly missing: { readonly taskId: string } | { readonly runId: string } | undefined;
}

type Event = Recorded<TaskEvent> | Recorded<RunEvent>;
type Missing = NonNullable<Chain['missing']>;
type Step = { readonly event: Event } | { readonly missing: Missing } | undefined;

/** Where a walk begins. */
export interface Start {
  readonly taskId: string;
  readonly runId?: string | undefined;
}

/** Walks back from the event that brought a task or run to where it stands. */
export function walkBack(stories: Stories, start: Start): Chain {
  const events: Event[] = [];
  let step = firstStep(stories, start);
  while (step !== undefined && 'event' in step) {
    events.push(step.event);
    step = causeOf(stories, step.event);
  }
  const shown = events.slice(0, chainMax).toReversed();
  const links = shown.map((event, index) => linkOf(stories, event, shown[index - 1]));
  return { links, more: events.length - shown.length, missing: step?.missing };
}

function firstStep({ tasks, runs }: Stories, { taskId, runId }: Start): Step {
  if (runId !== undefined) {
    const run = runs.get(runId);
    if (run === undefined) return { missing: { runId } };
    return found(endingOf(run) ?? lastSignOf(run) ?? openingOf(run));
  }
  const story = tasks.get(taskId);
  if (story === undefined) return { missing: { taskId } };
  return cameFrom(tasks, story, { before: Number.POSITIVE_INFINITY, isToQueue: true });
}

function found(event: Event | undefined): Step {
  return event === undefined ? undefined : { event };
}

/** The event that an event followed from. */
function causeOf(stories: Stories, event: Event): Step {
  const { stream, position } = event;
  if (stream.startsWith('run-')) return causeInRun(stories, event as Recorded<RunEvent>);
  const story = stories.tasks.get(streamId(stream));
  if (story === undefined) return undefined;
  return (
    endBehind(stories, event as Recorded<TaskEvent>) ??
    cameFrom(stories.tasks, story, { before: position, isToQueue: event.type === 'TaskClaimed' })
  );
}

function causeInRun({ tasks, runs }: Stories, event: Recorded<RunEvent>): Step {
  const run = runs.get(streamId(event.stream));
  const opening = run && openingOf(run);
  if (run === undefined || opening === undefined) return undefined;
  const sign = lastSignOf(run);
  if (sign !== undefined && sign.position < event.position) return { event: sign };
  const { taskId, kind } = opening.data;
  const story = tasks.get(taskId);
  if (story === undefined) return { missing: { taskId } };
  const claim = claimOf(story, run.runId);
  if (claim !== undefined && claim.position < event.position) return { event: claim };
  // A record of somebody's word begins with that word.
  return kind === 'record' || event === opening ? undefined : { event: opening };
}

/** The end of the run that a conclusion of its task follows from. */
function endBehind({ runs }: Stories, event: Recorded<TaskEvent>): Step {
  if (!concludes.has(event.type) || !('runId' in event.data)) return undefined;
  const { runId } = event.data;
  if (runId === undefined) return undefined;
  const run = runs.get(runId);
  if (run === undefined) return { missing: { runId } };
  const ending: Recorded<TerminalEvent> | undefined = endingOf(run);
  return ending !== undefined && ending.position < event.position ? { event: ending } : undefined;
}

const concludes: ReadonlySet<TaskEvent['type']> = new Set<TaskEvent['type']>([
  'TaskRequeued',
  'TaskHalted',
  'TaskCompleted',
  'TaskBlocked',
  'ReviewRequested',
]);

/** Steps that bring a task to where it stands, whatever comes next. */
const steps: ReadonlySet<TaskEvent['type']> = new Set<TaskEvent['type']>([
  ...concludes,
  'TaskCreated',
  'TaskSpecified',
  'TaskClaimed',
  'TaskUnblocked',
  'TaskResumed',
  'ReviewApproved',
  'ReviewRejected',
  'TaskPromoted',
  'TaskReopened',
  'TaskArchived',
  'TaskRestored',
  'TaskTombstoned',
  'TaskScheduled',
]);

/** What matters besides to who may be claimed, and is of no consequence for anything else. */
const queueSteps: ReadonlySet<TaskEvent['type']> = new Set<TaskEvent['type']>([
  'TaskAssigned',
  'ParentAdded',
  'ParentRemoved',
]);

/** Whether an event brought its task to where it stood then. */
export function isStep({ type }: TaskEvent): boolean {
  return steps.has(type);
}

interface Place {
  readonly before: number;
  /** Whether the task stands in the queue there, so that others may have moved it. */
  readonly isToQueue: boolean;
}

function cameFrom(tasks: Stories['tasks'], story: TaskStory, { before, isToQueue }: Place): Step {
  const own = story.events.findLast(
    ({ type, position }) =>
      position < before && (steps.has(type) || (isToQueue && queueSteps.has(type))),
  );
  const turn = story.turns.findLast(({ position }) => position < before);
  const isOther = turn !== undefined && turn.taskId !== null && turn.taskId !== story.taskId;
  if (!isToQueue || !isOther || turn.position <= (own?.position ?? 0)) return found(own);
  const other = tasks.get(turn.taskId);
  if (other === undefined) return { missing: { taskId: turn.taskId } };
  return found(other.events.find(({ position }) => position === turn.position) ?? own);
}

function linkOf({ runs }: Stories, event: Event, cause: Event | undefined): Link {
  const { position, type, meta, stream } = event;
  const isRun = stream.startsWith('run-');
  const runId = isRun
    ? streamId(stream)
    : 'runId' in event.data
      ? (event.data.runId ?? null)
      : null;
  const opening = isRun ? runs.get(streamId(stream)) : undefined;
  const taskId = isRun ? (opening?.taskId ?? '') : streamId(stream);
  const text = linkWords(event);
  return { position, atMs: meta.at, type, taskId, runId, text, causedBy: cause?.position ?? null };
}
