/** Why a task waits: in triage, for its parents, for its time. */
import { spokenDuration } from '../duration.ts';
import type { Json } from '../limits.ts';
import { said } from '../said.ts';
import type { Hold } from '../task/events.ts';
import { rule } from './ended-run.ts';
import type { Reason, Rule, RuleName, Sighting } from './explanation.ts';
import { latest, type OpenParent, type RecordedOf, type TaskFacts } from './facts.ts';
import { because, deciderOf, nameOf, sighting } from './saying.ts';

/** Nobody has said yet what is to be done. */
export function inTriage({ story }: TaskFacts): Reason {
  const event = latest(story, ['TaskCreated', 'TaskUnblocked']);
  const by = event === undefined ? '' : ` by ${nameOf(event.meta.actor)}`;
  return {
    headline: `in triage: put there${by}, and not specified since`,
    rule: rule('unspecified', 'what is in triage is not started before a person specifies it'),
    seen: event === undefined ? [] : [sighting('it was put into triage', event)],
    decidedBy: event === undefined ? null : deciderOf(event),
    prevention: [`\`logboard edit ${story.taskId} --specify\` with what is missing`],
    unknown: ['what is missing: triage has no reason of its own; see its comments'],
  };
}

/** It waits for parents. */
export function waiting(facts: TaskFacts): Reason {
  const { task, openParents } = facts;
  const givenUp = openParents.filter(isGivenUp);
  const n = openParents.length;
  const which = n === 1 ? openParents[0]?.taskId : `${n} of ${task.parents.length} parents`;
  const event = linkOf(facts);
  return {
    headline: `waits for ${which}${stuckOn(givenUp.length, n)}`,
    rule: parentRule(facts, givenUp),
    seen: openParents.slice(0, parentsShown).map(parentSeen),
    decidedBy: event === undefined ? null : deciderOf(event),
    prevention: waysPast(facts, givenUp),
    unknown: n > parentsShown ? [`${n - parentsShown} more of its open parents left out`] : [],
  };
}

function stuckOn(givenUp: number, open: number): string {
  if (givenUp === 0) return '';
  const which = givenUp === open ? 'given up' : `${givenUp} of them given up`;
  return `, ${which}: it will not go on by itself`;
}

function parentRule({ task, openParents }: TaskFacts, givenUp: readonly OpenParent[]): Rule {
  const ids = (parents: readonly OpenParent[]) => parents.map(({ taskId }) => taskId);
  const inputs = { openParents: ids(openParents), parents: task.parents.length };
  if (givenUp.length === 0) {
    const text = 'a task waits until every parent is done, or a person waives it';
    return rule('parents_open', text, inputs);
  }
  const text = 'a parent that was put away without having been done satisfies nobody';
  return rule('parents_given_up', text, { ...inputs, givenUp: ids(givenUp) });
}

/** Parents an answer names one by one. */
const parentsShown = 5;

/** Nothing will be done about them unless a person acts. */
function isGivenUp({ status }: OpenParent): boolean {
  return status === 'archived' || status === 'tombstoned';
}

function parentSeen({ taskId, status, last }: OpenParent): Sighting {
  return sighting(`${taskId} is ${status}`, last);
}

/** The event that made it wait for the first of them. */
function linkOf({ story, openParents }: TaskFacts) {
  const open = new Set(openParents.map(({ taskId }) => taskId));
  const added = story.events.findLast(
    (event) => event.type === 'ParentAdded' && open.has(event.data.parentId),
  ) as RecordedOf<'ParentAdded'> | undefined;
  return added ?? latest(story, ['TaskCreated']);
}

function waysPast({ story, openParents }: TaskFacts, givenUp: readonly OpenParent[]) {
  const { taskId } = story;
  const stopped = openParents.find(({ status }) => status === 'blocked' || status === 'halted');
  const [gone] = givenUp;
  return [
    gone && `\`logboard unlink ${gone.taskId} ${taskId}\` waits for that parent no longer`,
    stopped &&
      `\`logboard why ${stopped.taskId}\`; \`logboard unblock ${stopped.taskId}\` starts it again`,
    `\`logboard promote ${taskId} --force\` starts it without them`,
  ].filter((line) => line !== undefined);
}

const heldBy: Readonly<Record<Hold, readonly [name: RuleName, words: string]>> = {
  schedule: ['not_before', 'scheduled for later'],
  backoff: ['backoff', 'backing off'],
  rate_limit: ['rate_limit', 'held by a limit from outside'],
  outage: ['outage_hold', 'held because its assignee fails alike on every task'],
};

/** Its time has not come. */
export function scheduled(facts: TaskFacts): Reason {
  const { story, task, nowMs } = facts;
  const [name, words] = heldBy[task.hold ?? 'schedule'];
  const leftMs = (task.notBeforeMs ?? nowMs) - nowMs;
  const event = holderOf(facts);
  const inputs = { notBeforeAtMs: task.notBeforeMs, leftMs };
  return {
    headline: `${words}, for another ${spokenDuration(leftMs)}`,
    rule: rule(name, holdRule(facts, event), { ...inputs, ...holdInputs(facts, event) }),
    seen: event === undefined ? [] : [sighting(holdSeen(event), event)],
    decidedBy: event === undefined ? null : deciderOf(event),
    prevention: [`\`logboard promote ${story.taskId}\` starts it now`, ...preventionOf(facts)],
    unknown: unknownOf(task.hold ?? 'schedule', event),
  };
}

type Holder = RecordedOf<'TaskRequeued' | 'TaskScheduled' | 'TaskCreated'>;

/** The event that set the time. */
function holderOf({ story, task }: TaskFacts): Holder | undefined {
  return story.events.findLast(
    (event) =>
      (event.type === 'TaskRequeued' ||
        event.type === 'TaskScheduled' ||
        event.type === 'TaskCreated') &&
      event.data.notBeforeMs === task.notBeforeMs,
  ) as Holder | undefined;
}

function holdRule({ task }: TaskFacts, event: Holder | undefined): string {
  if (event?.type !== 'TaskRequeued') {
    const by = event === undefined ? 'somebody' : nameOf(event.meta.actor);
    return `${by} said that it may not start before its time`;
  }
  const waitMs = (task.notBeforeMs ?? event.meta.at) - event.meta.at;
  const wait = `it waits ${spokenDuration(waitMs)}`;
  switch (task.hold ?? 'schedule') {
    case 'backoff':
      return `${wait} after ${countOf(task, event)}; the wait grows fourfold with each`;
    case 'rate_limit':
      return `${wait} after hold ${task.interruptions.holds} in a row; the wait doubles with each`;
    case 'outage':
      return `${wait}; no failure counts while its assignee fails alike everywhere`;
    case 'schedule':
      return wait;
  }
}

function countOf(
  { failures, interruptions }: TaskFacts['task'],
  event: RecordedOf<'TaskRequeued'>,
) {
  const { outcome } = event.data;
  if (outcome === 'reclaimed' || outcome === 'stale')
    return `recovery ${interruptions.recoveries} in a row`;
  return outcome === 'released'
    ? `release ${interruptions.releases} in a row`
    : `failure ${failures} in a row`;
}

function holdInputs({ task }: TaskFacts, event: Holder | undefined): Record<string, Json> {
  if (event?.type !== 'TaskRequeued') return {};
  const { outcome, failures, runId } = event.data;
  const waitMs = (task.notBeforeMs ?? event.meta.at) - event.meta.at;
  const { tasks, code } = event.data.evidence ?? {};
  const outage = said({ outageTasks: tasks, outageCode: code });
  return { outcome, failures, runId, waitMs, ...task.interruptions, ...outage };
}

function holdSeen(event: Holder): string {
  if (event.type === 'TaskRequeued')
    return because('its last run ended', event.data.error ?? event.data.outcome);
  return event.type === 'TaskScheduled'
    ? because('it was scheduled', event.data.reason)
    : 'it was created so';
}

function preventionOf({ task, story }: TaskFacts): readonly string[] {
  if (task.hold === 'rate_limit')
    return ['fewer workers of this assignee at once: `max` of its definition'];
  const run = latest(story, ['TaskRequeued'])?.data.runId;
  return task.hold === null || task.hold === 'schedule' || run === undefined
    ? []
    : [`\`logboard why ${run}\` says what went wrong`];
}

function unknownOf(hold: Hold, event: Holder | undefined): readonly string[] {
  if (event === undefined) return ['who set its time: that event was not read'];
  if (hold !== 'outage' || event.type !== 'TaskRequeued') return [];
  const { evidence } = event.data;
  return evidence === undefined
    ? ['which failures made the outage: the event does not carry them']
    : [];
}
