/** The timeline in words: what each kind of entry says to people. */
import type { TimelineRow } from '../../projections/timeline/row.ts';
import { derivedKinds } from '../app/derived-facts.ts';
import type { EventType } from '../domain/catalogue.ts';
import type { Json, JsonObject } from '../domain/limits.ts';
import { durationText } from '../gantt/ticks.mjs';
import { counted } from '../wire/counted.ts';
import { plainLine } from './sanitize.ts';
import type { Style, Tone } from './style.ts';
import { clockTime } from './time.ts';
import { cutTo } from './width.ts';

/** What followed from events. */
type DerivedType = 'became_ready' | 'began_to_wait' | (typeof derivedKinds)[number];
type Words = (data: JsonObject, nowMs: number) => string;

/** Every entry of the timeline as a phrase about the task, in the past tense. */
const words: Readonly<Record<EventType | DerivedType, Words>> = {
  TaskCreated: ({ title }) => `created: ${title}`,
  TaskEdited: ({ changes }) => `edited: ${keys(changes)}`,
  TaskAssigned: ({ assignee, reason }) => because(`assigned to ${assignee ?? 'nobody'}`, reason),
  TaskReprioritized: ({ priority }) => `priority set to ${priority}`,
  TaskScheduled: scheduled,
  ParentAdded: ({ parentId }) => `now waits for ${parentId}`,
  ParentRemoved: ({ parentId }) => `no longer waits for ${parentId}`,
  TaskSpecified: ({ changes }) => `specified: ${keys(changes)}`,
  TaskClaimed: ({ attempt, claimedBy, runId }) =>
    `claimed by ${claimedBy}: try ${attempt}, ${runId}`,
  LeaseExtended: ({ reason }) => because('lease extended', reason),
  TaskRequeued: requeued,
  TaskCompleted: ({ summary }) => because('done', summary),
  TaskBlocked: ({ cause, reason }) => because(`blocked (${cause})`, reason),
  TaskUnblocked: ({ reason }) => because('unblocked', reason),
  TaskHalted: (data) => because(`halted by the breaker ${haltedAfter(data)}`, data['lastError']),
  TaskResumed: ({ reason }) => because('resumed after the halt', reason),
  ReviewRequested: ({ summary }) => because('waits for review', summary),
  ReviewApproved: ({ reason }) => because('approved', reason),
  ReviewRejected: ({ reason }) => because('rejected', reason),
  TaskPromoted: ({ forced, reason }) => because(forced ? 'promoted by force' : 'promoted', reason),
  TaskReopened: ({ reason }) => because('reopened', reason),
  FailuresReset: ({ reason }) => because('failures forgiven', reason),
  TaskArchived: ({ reason }) => because('archived', reason),
  TaskRestored: ({ reason }) => because('brought back from the archive', reason),
  TaskTombstoned: tombstoned,
  RunOpened: ({ attempt }) => `run opened: try ${attempt}`,
  WorkerSpawned: ({ pid }) => `worker started as process ${pid}`,
  WorkerStarted: () => 'worker at work',
  HeartbeatRecorded: ({ note, progress }) => because(`beat ${percent(progress)}`, note),
  UsageRecorded: ({ model }) => because('usage reported', model),
  RunCompleted: ({ summary }) => because('run completed', summary),
  RunBlocked: ({ reason }) => because('run blocked', reason),
  RunReleased: ({ reason }) => because('given back by its worker', reason),
  RunReclaimed: ({ reason }) => because('run reclaimed', reason),
  RunCrashed: ({ error }) => because('worker crashed', error),
  RunTimedOut: ({ limitMs }) => `ran longer than its limit of ${Number(limitMs) / 1_000} s`,
  RunWentStale: ({ silentMs }) => `showed no progress for ${Number(silentMs) / 1_000} s`,
  SpawnFailed: ({ error }) => because('worker could not be started', error),
  ProtocolViolated: ({ exitCode }) => `worker left with ${exitCode} and no word about its work`,
  RunRateLimited: ({ holdMs }) => `rate limited, held for at least ${Number(holdMs) / 1_000} s`,
  RunCanceled: ({ reason }) => because('run canceled', reason),
  CommentAdded: ({ author }) => `comment by ${author}`,
  BoardCreated: ({ name }) => `board created: ${name}`,
  BoardRenamed: ({ name }) => `board renamed: ${name}`,
  PolicyChanged: () => 'policy changed',
  BoardPaused: ({ reason }) => because('board paused', reason),
  BoardResumed: ({ reason }) => because('board resumed', reason),
  LogThinned: ({ removed, from, upTo }) =>
    `${many(removed, 'heartbeat')} of ended runs thinned out between ${from} and ${upTo}`,
  LogSegmented: ({ events, from, upTo }) =>
    `${many(events, 'event')} from ${from} to ${upTo} copied into a segment file`,
  LogSealed: ({ upTo }) => `log sealed up to ${upTo}`,
  DispatcherStarted: ({ pid }) => `dispatcher started as process ${pid}`,
  DispatcherStopped: ({ reason }) => because('dispatcher stopped', reason),
  WriteRefused: ({ attempted, code }) => `refused: ${attempted} (${code})`,
  RefusalsSummarized: ({ countedFrom }) => `more writes refused, counted from ${countedFrom} on`,
  became_ready: ({ because: cause }) => `became ready${causedBy(cause)}`,
  began_to_wait: ({ because: cause }) => `began to wait${causedBy(cause)}`,
  came_due: () => 'became ready because its time came',
  became_suspect: suspected,
  showed_life: ({ suspectMs }) => `heard again, ${duration(suspectMs)} after its lease was over`,
};

/** Every kind of entry that is in the tables. */
export const entryKinds: readonly string[] = Object.keys(words).filter(
  (kind) => !derivedKinds.some((derived) => derived === kind),
);

/** A phrase is never cut shorter than this; then lines wrap. */
const phraseMin = 24;

const tones: readonly (Tone | undefined)[] = [undefined, 'dim', undefined, 'strong'];

/** `10:02:41  T-…  run reclaimed: silent for 92 s  (kai)`; the id where it is wanted. */
export function timelineLine(
  row: TimelineRow,
  { style, nowMs, withTask }: { style: Style; nowMs: number; withTask: boolean },
): string {
  const actor = `(${actorOf(row)})`;
  const time = clockTime(row.atMs, nowMs);
  const id = withTask ? [(row.taskId ?? '').padEnd('T-0123456789'.length)] : [];
  const room = style.columns - [time, ...id, '', actor].join('  ').length;
  const phrase = cutTo(Math.max(phraseMin, room), phraseOf(row, nowMs));
  const tone = tones[row.importance];
  const painted = tone === undefined ? phrase : style.paint(tone, phrase);
  return [style.paint('dim', time), ...id, painted, style.paint('dim', actor)].join('  ');
}

/** People by name; of programs the kind is enough in a line. */
function actorOf({ actorKind, actorId }: TimelineRow): string {
  if (actorKind === 'system') return plainLine(actorId);
  return actorKind === 'human' ? plainLine(actorId) : actorKind;
}

/** What an entry says, in one line, whoever wrote the texts in it. */
export function phraseOf(row: TimelineRow, nowMs: number): string {
  const tell = (words as Readonly<Record<string, Words>>)[row.type];
  if (tell === undefined) return plainLine(row.type);
  // What followed from another task's event says so; from its own, that stands right above.
  const isOwn = (row.data['because'] as JsonObject | undefined)?.['taskId'] === row.taskId;
  return plainLine(tell(isOwn ? {} : row.data, nowMs));
}

/** The phrase of an event, from all that it says. */
export function eventPhrase(type: EventType, data: object, nowMs: number): string {
  return plainLine(words[type](data as JsonObject, nowMs));
}

function because(what: string, why: Json | undefined): string {
  return why === undefined || why === null || why === '' ? what : `${what}: ${why}`;
}

/** Below their limit, failures were not what halted it. */
function haltedAfter({ failures, limit, outcome }: JsonObject): string {
  if (Number(failures) >= Number(limit)) return `after ${failures} of ${many(limit, 'failure')}`;
  const how = `${outcome}`.replaceAll('_', ' ');
  return `at its limit of ${many(limit, 'run')} that ended like this (${how})`;
}

function many(n: Json | undefined, noun: string): string {
  return counted(Number(n), noun);
}

function keys(changes: Json | undefined): string {
  return Object.keys((changes ?? {}) as JsonObject).join(', ') || 'nothing';
}

function percent(progress: Json | undefined): string {
  return typeof progress === 'number' ? `${Math.round(progress * 100)} %` : '';
}

function scheduled({ notBeforeMs, reason }: JsonObject, nowMs: number): string {
  if (typeof notBeforeMs !== 'number') return because('schedule lifted', reason);
  return because(`not before ${clockTime(notBeforeMs, nowMs)}`, reason);
}

function requeued({ outcome, error, notBeforeMs }: JsonObject, nowMs: number): string {
  const when = typeof notBeforeMs === 'number' ? `, again at ${clockTime(notBeforeMs, nowMs)}` : '';
  // What the error says begins with how the run ended.
  return because(`back in the queue${when}`, error ?? `${outcome}`.replaceAll('_', ' '));
}

function tombstoned({ reason, forgotten }: JsonObject): string {
  if (forgotten === undefined) return because('removed for good', reason);
  return because('removed for good, its text forgotten', (forgotten as JsonObject)['reason']);
}

function suspected({ leaseMs, lastSignAtMs, wasLaunching }: JsonObject, nowMs: number): string {
  const lease = `${wasLaunching === true ? 'launch lease' : 'lease'} of ${duration(leaseMs)} over`;
  return `suspect: ${lease}, last heard at ${clockTime(Number(lastSignAtMs), nowMs)}`;
}

function duration(ms: Json | undefined): string {
  return durationText(Number(ms));
}

/** What an event meant for a task that waits for the one it happened to. */
const turns: Readonly<Record<string, string>> = {
  TaskCompleted: 'completed',
  ReviewApproved: 'was approved',
  TaskArchived: 'was archived',
  TaskRestored: 'was restored',
  TaskReopened: 'was reopened',
  TaskTombstoned: 'was removed',
};

function causedBy(cause: Json | undefined): string {
  const { type, taskId } = (cause ?? {}) as JsonObject;
  if (typeof type !== 'string') return '';
  return taskId ? ` because ${taskId} ${turns[type] ?? `had ${type}`}` : `, after ${type}`;
}
