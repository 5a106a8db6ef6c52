/** Bugs of a log that is not atomic: what is half done, and who finishes it. */
import type { AppendResult, EventLog, StreamWrite } from '../../../src/log/event-log.ts';
import type { Bug } from '../bug.ts';

/** All of them. */
export const clusterBugs: readonly Bug[] = [
  {
    name: 'no_repair',
    what: 'Nobody finishes what somebody else left half done.',
    isOfClusters: true,
    plan: (plan) => (view, policy) => {
      const made = plan(view, policy);
      return { ...made, actions: made.actions.filter((action) => action.do !== 'mend') };
    },
  },
  {
    name: 'meaning_before_the_end',
    what: 'The task is told that a run is over before the run is ended.',
    isOfClusters: true,
    log: (line) => ({ ...line, append: (writes) => inReverse(writes, line.append) }),
  },
];

async function inReverse(
  writes: readonly StreamWrite[],
  append: EventLog['append'],
): Promise<AppendResult> {
  const answer = await append(writes.toReversed());
  return answer.ok ? { ...answer, versions: answer.versions.toReversed() } : answer;
}
