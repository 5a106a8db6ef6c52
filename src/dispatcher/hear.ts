/**
 * What the news of the log mean to a dispatcher besides a cause to look: limits to read anew, signs
 * of life, and tasks that nobody will try again.
 */
import { streamId } from '../domain/catalogue.ts';
import { codec } from '../log/codec.ts';
import type { StoredEvent } from '../log/event-log.ts';
import type { Clock } from '../log/ports.ts';
import type { Pass } from './pass.ts';
import type { Report } from './ports.ts';

/** What hearing takes from the rest of the dispatcher. */
export interface HearDeps {
  readonly pass: Pick<Pass, 'look' | 'liveness'>;
  readonly clock: Clock;
  readonly report: Report;
}

/** Makes the function that takes note of one event; each is to be heard once. */
export function createHear({ pass, clock, report }: HearDeps): (event: StoredEvent) => void {
  return (event) => {
    const { type, stream, version } = event;
    if (type === 'TaskEdited') pass.look.forgetLimits();
    if (type === 'TaskHalted') tellHalt(event, report);
    if (stream.startsWith('run-')) {
      pass.liveness.hear(streamId(stream), version, { monoMs: clock.monoMs() });
    }
  };
}

/**
 * Told from the log and not from the answer to an ending: workers and programs of other hosts end
 * runs as well. The last error stays out: it quotes what a worker printed, and goes where the text
 * of the board can be forgotten.
 */
function tellHalt(event: StoredEvent, report: Report): void {
  const halt = codec.decode(event);
  if (halt.type !== 'TaskHalted') return;
  const { runId, outcome, failures, limit } = halt.data;
  const taskId = streamId(event.stream);
  const count = failures >= limit ? `failure ${failures} of ${limit}` : `one too many of ${limit}`;
  report('halted', {
    ...{ taskId, runId, outcome, failures, limit },
    because: `${runId} was ${count} (${outcome.replaceAll('_', ' ')})`,
    hint: `\`logboard why ${taskId}\` says more, \`logboard unblock ${taskId}\` tries again`,
  });
}
