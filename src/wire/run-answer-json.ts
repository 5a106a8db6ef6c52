/** The answer to a command of a run. These names are permanent: a new need is a new field. */
import type { RunAnswer } from '../app/write-run.ts';
import { isoTime } from './iso-time.ts';

/** The run's new version, and until when its silence is no reason to worry. */
export function runAnswerJson({ leaseUntilMs, ...answer }: RunAnswer) {
  const { taskId, runId, version, position, changed } = answer;
  return { taskId, runId, version, leaseUntil: isoTime(leaseUntilMs), changed, position };
}
