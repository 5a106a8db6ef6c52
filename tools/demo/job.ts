/** What a demo task tells people, in words, and its worker, as JSON in a block of code. */

/** The folder a survey worker measures, or the tree a report is about. */
export interface Job {
  readonly path: string;
  readonly name: string;
  readonly files: readonly string[];
  /** Pause after each file on the first attempt, in ms: time for an incident to happen. */
  readonly pauseMs: number;
}

/** What a survey worker hands on about its folder. Lengths are lines. */
export interface FolderMeasure {
  readonly folder: string;
  readonly files: number;
  readonly lines: number;
  readonly functions: number;
  readonly todos: number;
  readonly longest: { readonly name: string; readonly file: string; readonly lines: number } | null;
}

const fence = { begin: '```json\n', end: '\n```' };

/** The body of a task, in Markdown: what is to be done, and the job, a line for each key. */
export function bodyOf(words: string, job: Job): string {
  const lines = Object.entries(job).map(
    ([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  );
  return `${words}\n\n${fence.begin}{\n${lines.join(',\n')}\n}${fence.end}\n`;
}

/** Reads a job from a task's body. Throws when there is none. */
export function parseJob(body: string | null): Job {
  const [, block = ''] = (body ?? '').split(fence.begin);
  return JSON.parse(block.slice(0, block.lastIndexOf(fence.end))) as Job;
}
