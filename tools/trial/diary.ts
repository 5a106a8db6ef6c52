/**
 * What workers say about themselves: one line when they begin, one when they have finished.
 *
 * The file is only appended to, a line in one write, so the order of its lines is the order in
 * which things happened, whatever clocks say.
 */
import { readFileSync } from 'node:fs';

/** One line of the diary. */
export interface Entry {
  readonly word: 'start' | 'end';
  readonly taskId: string;
  readonly runId: string;
}

/** A shell script that keeps the diary named by its `$0` and does `work` in between. */
export function diaryScript(work: string): string {
  const line = (word: string) => `echo "${word} $LOGBOARD_TASK $LOGBOARD_RUN" >>"$0"`;
  return [line('start'), work, line('end')].join('\n');
}

/** Reads a diary; one that nobody wrote in is empty. */
export function readDiary(path: string): readonly Entry[] {
  const lines = readFileSync(path, { encoding: 'utf8', flag: 'a+' }).split('\n').slice(0, -1);
  return lines.map((line) => {
    const [word, taskId = '', runId = ''] = line.split(' ');
    return { word: word === 'start' ? 'start' : 'end', taskId, runId };
  });
}

/** What is wrong with the work on a task that nothing disturbed; it is done once, and in full. */
export function misdeeds(entries: readonly Entry[], taskId: string): readonly string[] {
  const words = entries.filter((entry) => entry.taskId === taskId).map(({ word }) => word);
  return words.join(' ') === 'start end' ? [] : [`worked on: ${words.join(' ') || 'never'}`];
}
