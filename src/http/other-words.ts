/**
 * A task that was made under a key long ago: whether the words were the same. For a day the door
 * knows by itself (`repeats.ts`); the log knows for ever, where a task was made.
 */
import { isDeepStrictEqual } from 'node:util';
import type { NewTask } from '../app/create-task.ts';
import { streams } from '../domain/catalogue.ts';
import { forgottenText } from '../domain/personal.ts';
import { codec } from '../log/codec.ts';
import { usedOtherwise } from './repeats.ts';
import type { Call } from './route.ts';

/** Throws `DoorProblem` when this very command made the task, and of other words than these. */
export async function refuseOtherWords(
  { board, caller }: Pick<Call, 'board' | 'caller'>,
  taskId: string,
  wanted: NewTask,
): Promise<void> {
  const { commandId } = caller();
  if (commandId === undefined) return;
  const [first] = await board.log.readStream(streams.task(taskId), { limit: 1 });
  const event = first && codec.decode(first);
  if (event?.type !== 'TaskCreated' || event.meta.commandId !== commandId) return;
  const { data } = event;
  // Nobody can tell any more what a forgotten task was made of.
  if (data.title === forgottenText) return;
  // Who the creator is when nobody is named follows from the configuration, not from the request.
  const said = JSON.parse(JSON.stringify({ createdBy: data.createdBy, ...wanted }));
  if (!isDeepStrictEqual(said, data)) throw usedOtherwise();
}
