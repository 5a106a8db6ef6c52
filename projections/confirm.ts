/** Whether tables belong to a log: their checkpoint must stand in it. */
import type { LogReader } from '../src/log/event-log.ts';
import type { Checkpoint } from './checkpoint/checkpoint.ts';

/** Why a log does not confirm a checkpoint, as half a sentence; undefined when it does. */
export async function disagreement(
  log: LogReader,
  { position, epoch, hash }: Checkpoint,
): Promise<string | undefined> {
  if (epoch !== log.epoch) return 'they were made from another history of the log';
  if (position === 0) return undefined;
  const head = await log.head();
  if (position > head.position) {
    return `they are at position ${position}, and the log ends at ${head.position}`;
  }
  if ((await log.hashAt(position)) !== hash) {
    return `the log has another event at position ${position} than they have`;
  }
  return undefined;
}
