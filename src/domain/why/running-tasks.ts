/** Why a task is running, and why it runs again. */
import type { TaskEvent } from '../task/events.ts';
import { rule } from './ended-run.ts';
import type { Reason } from './explanation.ts';
import { claimOf, latest, openingOf, type TaskFacts } from './facts.ts';
import { openRun } from './open-run.ts';
import { reasonOfRun } from './run.ts';
import { because, deciderOf, nameOf, sighting } from './saying.ts';

/** A run holds it. */
export function running(facts: TaskFacts): Reason {
  const { holder, story, nowMs } = facts;
  if (holder === undefined) return heldByNobodyKnown(facts);
  const open = openRun({ run: holder, story, nowMs });
  const { attempt = 1, claimedBy = '?' } = openingOf(holder)?.data ?? {};
  const name = `running${attempt > 1 ? ' again' : ''} (try ${attempt})`;
  if (open.rule.name === 'silent_beyond_lease') {
    return { ...open, headline: `${name}, but not heard of: ${open.rule.text}` };
  }
  const again = whyAgain(facts, holder.runId);
  if (attempt === 1 || again === undefined) {
    return { ...open, headline: `${name}: claimed by ${claimedBy}` };
  }
  return {
    ...again,
    headline: `${name} because ${again.headline}`,
    seen: [...again.seen, ...open.seen],
  };
}

/** What brought the task back into the queue before this claim. */
function whyAgain(facts: TaskFacts, runId: string): Reason | undefined {
  const { story, previous, nowMs } = facts;
  const claim = claimOf(story, runId);
  const step = latest(story, returns, claim?.position);
  if (step === undefined) return undefined;
  if (step.type === 'TaskRequeued') {
    return previous?.runId === step.data.runId
      ? reasonOfRun({ run: previous, story, nowMs })
      : undefined;
  }
  const by = nameOf(step.meta.actor);
  const reason = 'reason' in step.data ? step.data.reason : undefined;
  const text = because(`${by} ${words[step.type]}`, reason);
  return {
    headline: text,
    rule: rule('said_by_person', text),
    seen: [sighting(text, step)],
    decidedBy: deciderOf(step),
    prevention: [],
    unknown: reason === undefined ? [`why ${by} did so: nothing was said`] : [],
  };
}

/** What takes a task back into the queue, and what whoever does it has done. */
const words = {
  TaskUnblocked: 'unblocked it',
  TaskResumed: 'resumed it after the halt',
  ReviewRejected: 'rejected the work',
  TaskReopened: 'reopened it',
  TaskRestored: 'brought it back',
  TaskScheduled: 'scheduled it anew',
} as const satisfies Partial<Record<TaskEvent['type'], string>>;

const returns = ['TaskRequeued', ...(Object.keys(words) as (keyof typeof words)[])] as const;

/** Claimed by a run that the log does not have yet: it is read up to the middle of a commit. */
function heldByNobodyKnown(facts: TaskFacts): Reason {
  const { story, task } = facts;
  const { standing } = task;
  if (standing.status !== 'running') throw new Error(`${story.taskId} is not running`);
  const { runId, attempt, claimedBy } = standing.claim;
  const claim = claimOf(story, runId);
  const unknown = [`what became of ${runId}: no event of it stands in the log so far`];
  const again = attempt > 1 ? whyAgain(facts, runId) : undefined;
  if (again !== undefined) {
    return {
      ...again,
      headline: `running again (try ${attempt}) because ${again.headline}`,
      unknown,
    };
  }
  return {
    headline: `running (try ${attempt}): claimed by ${claimedBy}`,
    rule: rule('claimed', 'one run at a time holds a task', { runId }),
    seen: claim === undefined ? [] : [sighting(`claimed by ${claimedBy}`, claim)],
    decidedBy: claim === undefined ? null : deciderOf(claim),
    prevention: [`\`logboard reclaim ${story.taskId}\` takes it from that run`],
    unknown,
  };
}
