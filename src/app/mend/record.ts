/** Somebody's word on a task without the run that keeps it: the word says all that is in there. */
import { type Recorded, streams } from '../../domain/catalogue.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { TaskEvent } from '../../domain/task/events.ts';
import { evolveTask, type TaskState } from '../../domain/task/state.ts';
import { codec } from '../../log/codec.ts';
import type { EventLog } from '../../log/event-log.ts';
import { pagesOfStream } from '../../log/pages.ts';
import { isWord, recordRun, type Word } from '../record-run.ts';
import type { Session } from '../session.ts';
import { inTheNameOf, type Mended, mending } from './mended.ts';

/** Writes the run that keeps a word, as whoever gave the word would have. */
export async function keepWord(
  { execute, caller, log }: Session,
  { taskId, runId }: { readonly taskId: string; readonly runId: string },
): Promise<Mended | Refusal> {
  const found = await wordNaming(log, taskId, runId);
  if (found === undefined) return { refused: false, changed: false, position: 0 };
  const { word, attempt } = found;
  const record = recordRun(word, { taskId, claimedBy: word.meta.actor.id, attempt });
  return execute<Mended>(inTheNameOf(word, caller), async ({ loader }) => {
    const run = await loader.run(runId);
    const isMissing = run.state === undefined && record !== undefined;
    return mending(isMissing ? [record] : [], run.position);
  });
}

/** The word, and which attempt at its task it counted as. */
async function wordNaming(
  log: Pick<EventLog, 'readStream'>,
  taskId: string,
  runId: string,
): Promise<{ word: Recorded<Word>; attempt: number } | undefined> {
  let task: TaskState;
  for await (const page of pagesOfStream(log, streams.task(taskId))) {
    for (const stored of page) {
      const event = codec.decode(stored) as Recorded<TaskEvent>;
      task = evolveTask(task, event, event.meta);
      if (isWord(event) && event.data.runId === runId) {
        return { word: event, attempt: task.attempts };
      }
    }
  }
  return undefined;
}
