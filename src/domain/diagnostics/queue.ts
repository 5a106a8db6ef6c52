/** Rules about tasks that nobody can start: stranded, for nobody known, with unknown skills. */
import { spokenDuration } from '../duration.ts';
import { actions, type Choice, several, shellWord, type Trouble } from './finding.ts';
import { isOpen, type Subject, type Surroundings, thresholds } from './subject.ts';

/** Ready for half an hour, and nobody has claimed it. */
export function strandedInReady(subject: Subject, around: Surroundings): Trouble | undefined {
  const { status, becameReadyAtMs, lane } = subject;
  const waitedMs = around.nowMs - (becameReadyAtMs ?? around.nowMs);
  if (status !== 'ready' || waitedMs < thresholds.readyMs) return undefined;
  return {
    severity: strandedSeverity(subject, around.nowMs, waitedMs),
    title: `ready for ${spokenDuration(wholeMinutes(waitedMs))}, and nobody takes it`,
    detail: whyNobody(subject, around),
    evidence: {
      readyAtMs: becameReadyAtMs,
      waitedMs,
      assignee: lane.assignee,
      lastClaimAtMs: lane.lastClaimAtMs,
      isPaused: around.isPaused,
      hasDispatcher: around.hasDispatcher,
    },
    firstSeenAtMs: becameReadyAtMs,
    lastSeenAtMs: becameReadyAtMs,
    count: 1,
    actions: actions(...waysToStart(subject, around)),
  };
}

/** What is told does not change every time that somebody looks. */
function wholeMinutes(ms: number): number {
  return ms - (ms % 60_000);
}

/** While others of its lane are claimed, it stands in a queue that moves. */
function strandedSeverity({ lane }: Subject, nowMs: number, waitedMs: number): Trouble['severity'] {
  const sinceClaimMs = nowMs - (lane.lastClaimAtMs ?? Number.NEGATIVE_INFINITY);
  if (sinceClaimMs < thresholds.readyMs || waitedMs < 2 * thresholds.readyMs) return 'warning';
  return waitedMs < 6 * thresholds.readyMs ? 'error' : 'critical';
}

function whyNobody({ lane }: Subject, { isPaused, hasDispatcher }: Surroundings): string {
  if (isPaused) return 'The board is paused: nothing is started on it.';
  if (lane.assignee === null) return 'Nobody is assigned, and nobody gets such tasks by default.';
  if (!hasDispatcher) return `No dispatcher serves this board; it is for ${lane.assignee}.`;
  const serves = lane.isServed ? 'serves' : 'does not serve';
  return `A dispatcher is there, and ${serves} ${lane.assignee}.`;
}

function waysToStart(subject: Subject, around: Surroundings): readonly (Choice | undefined)[] {
  const { lane } = subject;
  const assign = assignments(subject, around);
  if (around.isPaused) return [['logboard resume', 'start work on the board again']];
  if (lane.assignee === null) return assign;
  if (!around.hasDispatcher) {
    return [
      ['logboard serve', 'start a dispatcher, and leave it running'],
      ['logboard dispatch', 'make one pass of a dispatcher'],
      ...assign,
    ];
  }
  return [['logboard dispatch --dry-run', 'see what a dispatcher waits for'], ...assign];
}

/** Nobody works for its assignee: no definition, no dispatcher, no claim from outside for a day. */
export function assigneeNotFound(subject: Subject, around: Surroundings): Trouble | undefined {
  const { status, lane } = subject;
  const { workers, nowMs } = around;
  if (workers === null || lane.assignee === null || Object.hasOwn(workers, lane.assignee))
    return undefined;
  const isQueued = status === 'waiting' || status === 'scheduled' || status === 'ready';
  const sinceClaimMs = nowMs - (lane.lastClaimAtMs ?? Number.NEGATIVE_INFINITY);
  if (!isQueued || lane.isServed || sinceClaimMs < thresholds.laneMs) return undefined;
  return {
    severity: status === 'ready' ? 'error' : 'warning',
    title: `nobody works for ${lane.assignee}`,
    detail:
      'No worker definition and no dispatcher knows the name, and no program has claimed ' +
      'a task under it for a day.',
    evidence: {
      assignee: lane.assignee,
      known: Object.keys(workers),
      meant: lane.meant,
      lastClaimAtMs: lane.lastClaimAtMs,
    },
    firstSeenAtMs: subject.becameReadyAtMs,
    lastSeenAtMs: subject.becameReadyAtMs,
    count: 1,
    actions: actions(...assignments(subject, around)),
  };
}

/** To the name that was probably meant, or after a look at who is there. */
function assignments({ taskId, lane }: Subject, { workers }: Surroundings): readonly Choice[] {
  const [only, ...others] = Object.keys(workers ?? {});
  const meant = lane.meant ?? (others.length === 0 && only !== lane.assignee ? only : undefined);
  const look: Choice = ['logboard assignees', 'see who has work, and for whom workers are defined'];
  if (meant === undefined) return [look];
  return [[`logboard assign ${taskId} ${shellWord(meant)}`, `give it to ${meant}`], look];
}

/** It asks for skills that the worker of its assignee cannot load, by its definition. */
export function invalidTaskSkills(
  subject: Subject,
  { workers }: Surroundings,
): Trouble | undefined {
  const { taskId, task, lane } = subject;
  const known = lane.assignee === null ? undefined : workers?.[lane.assignee]?.skills;
  if (known === undefined || !isOpen(subject)) return undefined;
  const invalid = task.skills.filter((skill) => !known.includes(skill));
  if (invalid.length === 0) return undefined;
  const valid = task.skills.filter((skill) => known.includes(skill)).map(shellWord);
  return {
    severity: 'error',
    title: `asks for ${several(invalid.length, 'skill')} that ${lane.assignee} does not have`,
    detail: `Unknown: ${invalid.join(', ')}. Known: ${known.join(', ') || 'none'}.`,
    evidence: { assignee: lane.assignee, invalid, known },
    firstSeenAtMs: null,
    lastSeenAtMs: null,
    count: invalid.length,
    actions: actions(
      [`logboard edit ${taskId} --clear-skills`, 'ask for no skills at all'],
      valid.length === 0
        ? undefined
        : [`logboard edit ${taskId} --skill ${valid.join(' --skill ')}`, 'keep the known ones'],
    ),
  };
}
