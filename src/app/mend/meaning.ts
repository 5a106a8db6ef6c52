/** The end of a run whose task has not heard of it: what it means follows from the end alone. */
import { type Recorded, streams } from '../../domain/catalogue.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Excusable } from '../../domain/run/commands.ts';
import { isTerminal, type TerminalEvent } from '../../domain/run/events.ts';
import { codec } from '../../log/codec.ts';
import type { EventLog } from '../../log/event-log.ts';
import { conclusion } from '../conclusion.ts';
import type { Session } from '../session.ts';
import { inTheNameOf, type Mended, mending } from './mended.ts';

/** Says what the end of a run means for its task, as whoever ended it would have. */
export async function drawMeaning(
  { execute, caller, policy, log }: Session,
  { taskId, runId }: { readonly taskId: string; readonly runId: string },
  { excuse }: Excusable,
): Promise<Mended | Refusal> {
  const ending = await endOf(log, runId);
  if (ending === undefined) return { refused: false, changed: false, position: 0 };
  return execute<Mended>(inTheNameOf(ending, caller), async ({ loader }) => {
    const task = await loader.task(taskId);
    const meaning = conclusion(task, {
      taskId,
      conclude: {
        type: 'ConcludeRun',
        runId,
        ending,
        endedBy: ending.meta.actor.kind,
        excuse,
        policy: policy(),
        // What waits begins with the end, whoever finishes it, and however late.
        nowMs: ending.meta.at,
      },
      follows: { eventId: ending.id },
    });
    return mending(meaning === undefined ? [] : [meaning], task.position);
  });
}

/** The terminal event is the last of its stream. */
async function endOf(
  log: Pick<EventLog, 'readStream'>,
  runId: string,
): Promise<Recorded<TerminalEvent> | undefined> {
  const stream = streams.run(runId);
  const [last] = await log.readStream(stream, { direction: 'backward', limit: 1 });
  const event = last && codec.decode(last);
  return event && isTerminal(event) ? event : undefined;
}
