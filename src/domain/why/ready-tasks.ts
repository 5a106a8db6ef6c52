/**
 * Why a ready task is not running. The first rule that keeps it decides, in the order in which a
 * dispatcher would meet them; what only its host knows stands among what is unknown.
 */

import { streamId } from '../catalogue.ts';
import { several } from '../diagnostics/finding.ts';
import { spokenDuration } from '../duration.ts';
import type { Json } from '../limits.ts';
import { rule } from './ended-run.ts';
import type { Reason, RuleName, Sighting } from './explanation.ts';
import { type Lane, latest, type ServingDispatcher, type TaskFacts } from './facts.ts';
import { because, deciderOf, nameOf, sighting } from './saying.ts';

/** What keeps a ready task from being started. */
interface Obstacle {
  readonly name: RuleName;
  readonly headline: string;
  readonly text: string;
  readonly inputs?: Readonly<Record<string, Json>>;
  readonly prevention: readonly string[];
  readonly unknown?: readonly string[];
}

type Look = (facts: TaskFacts) => Obstacle | undefined;

/** It could be claimed. */
export function ready(facts: TaskFacts): Reason {
  const { paused, story } = facts;
  const found = looks.map((look) => look(facts)).find((obstacle) => obstacle !== undefined);
  const {
    name,
    headline,
    text,
    inputs = {},
    prevention,
    unknown = [],
  } = found ?? freeToStart(facts);
  const decision = name === 'board_paused' ? paused : undefined;
  return {
    headline,
    rule: rule(name, text, { ...inputs, ...inQueue(facts) }),
    seen: seenOf(facts),
    decidedBy: decision === undefined ? null : deciderOf(decision),
    prevention: prevention.map((line) => line.replaceAll('TASK', story.taskId)),
    unknown,
  };
}

const looks: readonly Look[] = [
  boardPaused,
  nobodyAssigned,
  noDispatcher,
  noDefinition,
  lacksCapability,
  outOfOrder,
  assigneeCap,
  hostCap,
];

function boardPaused({ paused }: TaskFacts): Obstacle | undefined {
  if (paused === undefined) return undefined;
  const by = nameOf(paused.meta.actor);
  return {
    name: 'board_paused',
    headline: because(`ready, but ${by} paused the board`, paused.data.reason),
    text: 'a paused board starts nothing',
    prevention: ['`logboard resume` starts work again'],
  };
}

function nobodyAssigned({ lane }: TaskFacts): Obstacle | undefined {
  if (lane.assignee !== null) return undefined;
  return {
    name: 'nobody_assigned',
    headline: 'ready, but nobody is assigned to it',
    text: 'a task without an assignee goes to `defaultAssignee`, and there is none',
    prevention: ['`logboard assign TASK <assignee>`', 'a `defaultAssignee` in the configuration'],
  };
}

function noDispatcher({ dispatchers }: TaskFacts): Obstacle | undefined {
  if (dispatchers.length > 0) return undefined;
  return {
    name: 'no_dispatcher',
    headline: 'ready, but no dispatcher is at work on this board',
    text: 'workers are started by a dispatcher; otherwise a task waits for somebody who claims it',
    inputs: { dispatchers: 0 },
    prevention: ['`logboard serve` starts workers', '`logboard claim TASK` takes it yourself'],
  };
}

function noDefinition({ lane, dispatchers }: TaskFacts): Obstacle | undefined {
  const { assignee } = lane;
  if (assignee === null || dispatchers.some((each) => each.assignees.includes(assignee))) {
    return undefined;
  }
  const served = [...new Set(dispatchers.flatMap(({ assignees }) => assignees))].sort();
  const whom = served.length === 0 ? 'nobody' : served.join(', ');
  return {
    name: 'no_worker_definition',
    headline: `ready, but no dispatcher at work has a worker definition for ${assignee}`,
    text: `a dispatcher starts workers for the assignees it has definitions of: ${whom}`,
    inputs: { assignee, served },
    prevention: [
      `a worker definition for ${assignee} in \`logboard.yaml\`; a running \`serve\` reads it`,
      '`logboard assign TASK <assignee>` to somebody who is served',
    ],
  };
}

function lacksCapability({ lane, dispatchers }: TaskFacts): Obstacle | undefined {
  const { assignee } = lane;
  const served = servingAt(dispatchers, assignee);
  const lacking = served.flatMap(({ workers }) => lackOf(workers, assignee));
  if (assignee === null || served.length === 0 || lacking.length < served.length) return undefined;
  return {
    name: 'host_lacks_capability',
    headline: `ready, but no host has what workers of ${assignee} require`,
    text: `a host without ${lacking.flat().join(', ')} leaves these tasks alone`,
    inputs: { assignee, lacking: lacking.flat() },
    prevention: ['a dispatcher on a host that has it', '`requires` of its worker definition'],
  };
}

/** What the host of a dispatcher lacks for an assignee; nothing when it lacks nothing. */
function lackOf(
  workers: ServingDispatcher['workers'],
  assignee: string | null,
): readonly (readonly string[])[] {
  const lacks = workers[assignee ?? '']?.lacks ?? [];
  return lacks.length === 0 ? [] : [lacks];
}

function outOfOrder({ lane, nowMs }: TaskFacts): Obstacle | undefined {
  const { outage, assignee, running } = lane;
  if (outage === undefined) return undefined;
  const { outcome, code, tasks, sinceMs, probeAtMs } = outage;
  const leftMs = probeAtMs - nowMs;
  if (leftMs <= 0 && running === 0) return undefined;
  const how = `${outcome.replaceAll('_', ' ')}, ${code}`;
  const next = running > 0 ? 'a probe is under way' : `the next probe in ${spokenDuration(leftMs)}`;
  return {
    name: 'outage_probe',
    headline: `ready, but ${assignee} failed alike on ${several(tasks, 'task')} (${how}): ${next}`,
    text: 'an assignee that fails everywhere is probed by one run at a time',
    inputs: {
      ...{ assignee, outcome, code, running },
      ...{ outageTasks: tasks, outageSinceAtMs: sinceMs, probeAtMs },
    },
    prevention: [
      'what all its workers need: a provider, a key, a program',
      '`logboard pause` and `logboard resume` forget the outage, once it is over',
    ],
  };
}

function assigneeCap({ lane, dispatchers }: TaskFacts): Obstacle | undefined {
  const { assignee, running } = lane;
  const caps = servingAt(dispatchers, assignee).map((each) => capOf(each, assignee));
  const cap = Math.max(0, ...caps);
  if (caps.length === 0 || running < cap) return undefined;
  return {
    name: 'assignee_cap',
    headline: `ready, but ${assignee} has ${running} of ${several(cap, 'worker')}${behind(lane)}`,
    text: `running ${running} = limit ${cap} of the assignee`,
    inputs: { assignee, running, cap },
    prevention: ['`max` of its worker definition, or `maxRunningPerAssignee`'],
  };
}

function capOf({ workers, policy }: ServingDispatcher, assignee: string | null): number {
  const own = workers[assignee ?? '']?.max;
  return own ?? (policy.maxRunningPerAssignee || Number.POSITIVE_INFINITY);
}

function hostCap({ lane, dispatchers }: TaskFacts): Obstacle | undefined {
  const served = servingAt(dispatchers, lane.assignee);
  const full = served.filter(({ runningOnHost, policy }) => runningOnHost >= policy.maxRunning);
  const [first] = full;
  if (first === undefined || full.length < served.length) return undefined;
  const { runningOnHost: running } = first;
  const { maxRunning } = first.policy;
  const slots = `${running} of ${several(maxRunning, 'worker')}`;
  return {
    name: 'host_cap',
    headline: `ready, but its host has ${slots}${behind(lane)}`,
    text: `running ${running} = maxRunning ${maxRunning}, counted over all boards of the host`,
    inputs: { running, maxRunning },
    prevention: [
      '`maxRunning` in the configuration',
      'a higher priority: `logboard edit TASK --priority`',
    ],
  };
}

/** The higher priority goes first, then the older task. */
function behind({ ahead, isAheadCut }: Lane): string {
  if (ahead === 0) return '; it is the next';
  return `; ${isAheadCut ? 'at least ' : ''}${several(ahead, 'ready task')} first`;
}

function freeToStart(facts: TaskFacts): Obstacle {
  return {
    name: 'free_to_start',
    headline: 'ready, and nothing in the log keeps it from being started',
    text: 'a dispatcher starts what is ready as soon as it sees it',
    prevention: ['`logboard dispatch --dry-run` says what a dispatcher here would do, and why not'],
    unknown: unknownOf(facts),
  };
}

/** What only the host of a dispatcher knows. */
function unknownOf({ dispatchers, task, previous }: TaskFacts): readonly string[] {
  const names = dispatchers.map(({ started }) => streamId(started.stream)).join(', ');
  const isShared = task.workspace.kind !== 'scratch' && previous !== undefined;
  return [
    `whether ${names} still lives: it has not said goodbye`,
    'how many workers other boards of its host have',
    ...(isShared ? ['whether processes of an earlier run are still in its workspace'] : []),
  ];
}

function servingAt(dispatchers: readonly ServingDispatcher[], assignee: string | null) {
  return dispatchers.filter(({ assignees }) => assignee !== null && assignees.includes(assignee));
}

/** How long it has been ready, and how many go before it. */
function inQueue({ becameReadyAtMs, nowMs, lane }: TaskFacts): Readonly<Record<string, Json>> {
  const { ahead, isAheadCut } = lane;
  const place = isAheadCut ? { aheadAtLeast: ahead } : { ahead };
  if (becameReadyAtMs === null) return place;
  return { readyForMs: Math.max(0, nowMs - becameReadyAtMs), ...place };
}

function seenOf(facts: TaskFacts): readonly Sighting[] {
  const { story, paused, dispatchers, lane } = facts;
  const back = latest(story, ['TaskRequeued']);
  const serving = servingAt(dispatchers, lane.assignee);
  return [
    ...(back === undefined ? [] : [sighting(because('its last run ended', back.data.error), back)]),
    ...(paused === undefined ? [] : [sighting('the board was paused', paused)]),
    ...(serving.length > 0 ? serving : dispatchers).slice(0, 3).map(dispatcherSeen),
  ];
}

function dispatcherSeen({ started, changed, assignees }: ServingDispatcher): Sighting {
  const whom = assignees.length === 0 ? 'nobody' : assignees.join(', ');
  const name = `dispatcher ${streamId(started.stream)}`;
  if (changed !== undefined) return sighting(`${name} has another policy, for ${whom}`, changed);
  return sighting(`${name} started, for ${whom}`, started);
}
