/** Tells people what happens on the board, a line an event, without what only programs need. */
import { type Recorded, streamId } from '../../src/domain/catalogue.ts';
import { describeEnding } from '../../src/domain/run/describe.ts';
import { isTerminal, type RunEvent } from '../../src/domain/run/events.ts';

/** Prints one line: a mark and a text. */
export type Say = (mark: string, text: string) => void;

/** A listener that turns events into lines. */
export function createNarrator(say: Say): (event: Recorded) => void {
  const titles = new Map<string, string>();
  const tasks = new Map<string, string>();
  const nameOf = (taskId: string) => titles.get(taskId) ?? taskId;

  function tell(event: Recorded): void {
    const id = streamId(event.stream);
    if (event.type === 'TaskCreated') titles.set(id, event.data.title);
    if (event.type === 'RunOpened') tasks.set(id, event.data.taskId);
    if (event.stream.startsWith('task-')) tellOfTask(event, nameOf(id));
    if (event.stream.startsWith('run-')) tellOfRun(event, nameOf(tasks.get(id) ?? ''));
    if (event.type === 'WriteRefused') {
      say('⊘', `${nameOf(id)}: refused a late ${event.data.attempted} (${event.data.code})`);
    }
  }

  function tellOfTask(event: Recorded, name: string): void {
    if (event.type === 'TaskCompleted') say('✓', `${name}: ${event.data.summary ?? 'done'}`);
    if (event.type === 'ReviewRequested') say('?', `${name}: waits for a person to review it`);
    if (event.type === 'TaskRequeued') say('↻', `${name}: goes back to the queue`);
    if (event.type === 'TaskHalted') {
      say('■', `${name}: halted by the breaker after ${event.data.failures} failures`);
    }
  }

  function tellOfRun(event: Recorded, name: string): void {
    if (event.type === 'WorkerSpawned') say('▶', `${name}: worker ${event.data.pid} starts`);
    const ending = event as Recorded<RunEvent>;
    if (!isTerminal(ending) || ending.type === 'RunCompleted') return;
    say('!', `${name}: ${describeEnding(ending)}`);
  }

  return tell;
}
