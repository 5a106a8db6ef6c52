/** The names of streams. No schema stands here: the page in the browser reads them, too. */

/** The categories of streams; a stream is called `<category>-<id>`, and `board` stands alone. */
export const categories = ['task', 'run', 'note', 'board', 'dispatcher', 'refused'] as const;
export type Category = (typeof categories)[number];

/** The stream of a task, run … with this id. */
export const streams = {
  task: (taskId: string) => `task-${taskId}`,
  run: (runId: string) => `run-${runId}`,
  note: (taskId: string) => `note-${taskId}`,
  dispatcher: (dispatcherId: string) => `dispatcher-${dispatcherId}`,
  refused: (taskId: string) => `refused-${taskId}`,
  board: 'board',
} as const;

/** The id in a stream's name: everything after the first dash; empty for `board`. */
export function streamId(stream: string): string {
  const dash = stream.indexOf('-');
  return dash === -1 ? '' : stream.slice(dash + 1);
}

/** The category in a stream's name: everything before the first dash. */
export function streamCategory(stream: string): string {
  return stream.split('-', 1)[0] ?? stream;
}
