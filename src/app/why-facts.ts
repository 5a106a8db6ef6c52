/** Gathers everything an answer about a task may go by. */
import type { Queries, TaskRow } from '../../projections/index.ts';
import { type Recorded, streams } from '../domain/catalogue.ts';
import { openParents } from '../domain/readiness.ts';
import type { TaskEvent } from '../domain/task/events.ts';
import { isStep } from '../domain/why/chain.ts';
import { latest, type OpenParent, type RecordedOf, type TaskFacts } from '../domain/why/facts.ts';
import type { DispatcherProbe } from './fleet.ts';
import { readLane } from './why-lane.ts';
import type { StoryReader } from './why-stories.ts';

/** What an answer is gathered with. */
export interface Gathering {
  readonly queries: Queries;
  readonly reader: StoryReader;
  /** Wall clock, UTC ms. */
  readonly nowMs: number;
  readonly probeDispatcher: DispatcherProbe;
}

/** Open parents whose last step is read. */
const parentsMax = 5;

/** The facts about a task. */
export async function readTaskFacts(gathering: Gathering, row: TaskRow): Promise<TaskFacts> {
  const { queries, reader, nowMs } = gathering;
  const { taskId, status, currentRunId } = row;
  const story = await reader.task(taskId);
  const claim = latest(story, ['TaskClaimed']);
  const before = status === 'running' ? claim?.position : undefined;
  const back = latest(story, ['TaskRequeued'], before);
  return {
    story,
    stories: reader.stories,
    task: row,
    status,
    becameReadyAtMs: row.becameReadyAtMs,
    openParents: status === 'waiting' ? await readParents(gathering, row) : [],
    paused: await pausedBy(queries, reader),
    ...(await readLane(gathering, row)),
    holder: currentRunId === null ? undefined : await openedRun(gathering, currentRunId),
    previous: back === undefined ? undefined : await reader.run(back.data.runId),
    nowMs,
  };
}

/** Undefined for a run that was claimed and never opened. */
async function openedRun({ reader }: Gathering, runId: string) {
  const run = await reader.run(runId);
  return run.events.length === 0 ? undefined : run;
}

async function readParents(
  { queries, reader, nowMs }: Gathering,
  task: TaskRow,
): Promise<readonly OpenParent[]> {
  const parents = queries.parents(task.taskId, nowMs);
  const open = openParents(task, (id) => parents.find(({ taskId }) => taskId === id)?.standing);
  const found = parents.filter(({ taskId }) => open.includes(taskId));
  const read = found.map(async ({ taskId, status }, index) => {
    const last = index < parentsMax ? await lastStep(reader, taskId) : undefined;
    return { taskId, status, last };
  });
  return Promise.all(read);
}

function lastStep(reader: StoryReader, taskId: string) {
  return reader.last(streams.task(taskId), (event): event is Recorded<TaskEvent> =>
    isStep(event as Recorded<TaskEvent>),
  );
}

async function pausedBy(queries: Queries, reader: StoryReader) {
  if (queries.board()?.isPaused !== true) return undefined;
  return reader.last(streams.board, isPause);
}

function isPause(event: Recorded): event is RecordedOf<'BoardPaused'> {
  return event.type === 'BoardPaused';
}
