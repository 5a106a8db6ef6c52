/** What a worker is shown: its task, what came before, and what people said, each within a cap. */
import type { Actor } from './event.ts';
import { cut, type Json, type JsonObject } from './limits.ts';
import type { TaskWord } from './task/words.ts';

/** Caps of the sections, in characters or items, as the reference board's users know them. */
export const contextCaps = {
  bodyChars: 8_192,
  words: 10,
  wordChars: 4_096,
  attempts: 10,
  parents: 50,
  fieldChars: 4_096,
  recentRuns: 5,
  recentChars: 200,
  comments: 30,
  commentChars: 2_048,
} as const;

/** What somebody did to the task, and why. */
export interface ContextWord extends Pick<TaskWord, 'actor' | 'act' | 'reason'> {
  /** The attempt it was about; null when it was about none. */
  readonly attempt: number | null;
}

/** An ended attempt, as the next worker is told of it. */
export interface ContextAttempt {
  readonly attempt: number;
  readonly outcome: string;
  readonly summary: string | null;
  readonly error: string | null;
  readonly metadata: JsonObject | null;
  /** Who did not take its result, and why; null when nobody refused it. */
  readonly turnedDown: ContextWord | null;
}

/** A finished parent and what it handed on. */
export interface ContextParent {
  readonly id: string;
  readonly title: string;
  readonly summary: string | null;
  readonly result: string | null;
  readonly metadata: JsonObject | null;
}

/** Everything the text is made of; rows of the projections, already sorted oldest first. */
export interface ContextInput {
  readonly task: {
    readonly id: string;
    readonly title: string;
    readonly status: string;
    readonly body: string | null;
    readonly assignee: string | null;
    readonly tenant: string | null;
    readonly workspace: string | null;
    readonly branch: string | null;
    readonly maxRuntimeMs: number | null;
    readonly skills: readonly string[];
    readonly model: string | null;
  };
  /** What people said about this task by what they did to it. */
  readonly words: readonly ContextWord[];
  /** Ended attempts of this task. */
  readonly attempts: readonly ContextAttempt[];
  /** Parents that are done, or were when they were archived. */
  readonly parents: readonly ContextParent[];
  /** What the same assignee finished lately on other tasks. */
  readonly recent: readonly { readonly taskId: string; readonly summary: string }[];
  readonly comments: readonly { readonly author: string; readonly body: string }[];
}

/** The context as Markdown. */
export function renderContext(input: ContextInput): string {
  const sections = [
    header(input.task),
    body(input.task.body),
    words(input.words),
    attempts(input.attempts),
    parents(input.parents),
    recent(input.recent),
    comments(input.comments),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function header(task: ContextInput['task']): string {
  const facts: readonly (readonly [string, string | null])[] = [
    ['id', task.id],
    ['status', task.status],
    ['assignee', task.assignee],
    ['tenant', task.tenant],
    ['workspace', task.workspace],
    ['branch', task.branch],
    ['model', task.model],
    ['skills', task.skills.length === 0 ? null : task.skills.join(', ')],
    ['max runtime', task.maxRuntimeMs === null ? null : `${task.maxRuntimeMs / 1_000} s`],
  ];
  const lines = facts
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `- ${key}: ${value}`);
  return [`# ${task.title}`, '', ...lines].join('\n');
}

function body(text: string | null): string {
  return text === null || text === '' ? '' : `## Task\n\n${shorten(text, contextCaps.bodyChars)}`;
}

/** Stands before everything older: whoever misses it does again what was turned down. */
function words(all: readonly ContextWord[]): string {
  const told = all.flatMap((one) => (one.reason === null ? [] : { ...one, reason: one.reason }));
  if (told.length === 0) return '';
  const shown = told.slice(-contextCaps.words);
  const hidden = told.length - shown.length;
  const older = hidden === 0 ? [] : [`(${hidden} older ones left out)`];
  return [
    '## What people decided about this task, the latest last',
    ...older,
    ...shown.map((one) =>
      [`${nameOf(one.actor)} ${deed(one)}:`, ...quoted(one.reason, contextCaps.wordChars)].join(
        '\n',
      ),
    ),
  ].join('\n\n');
}

function deed({ act, attempt }: ContextWord): string {
  if (attempt === null) return `${act} it`;
  return act === 'reopened' ? `reopened it after attempt ${attempt}` : `${act} attempt ${attempt}`;
}

function nameOf({ kind, id }: Actor): string {
  return kind === 'human' ? id : `${kind} ${id}`;
}

function attempts(all: readonly ContextAttempt[]): string {
  if (all.length === 0) return '';
  const shown = all.slice(-contextCaps.attempts);
  const hidden = all.length - shown.length;
  const older = hidden === 0 ? [] : [`(${hidden} older attempts left out)`];
  return ['## Earlier attempts', ...older, ...shown.map(attempt)].join('\n\n');
}

function attempt(one: ContextAttempt): string {
  return [
    `### Attempt ${one.attempt}: ${one.outcome}${fate(one.turnedDown)}`,
    ...field('summary', one.summary),
    ...field('error', one.error),
    ...field('metadata', one.metadata),
    ...whyNot(one.turnedDown),
  ].join('\n');
}

function fate(word: ContextWord | null): string {
  return word === null ? '' : `, then ${word.act} by ${nameOf(word.actor)}`;
}

function whyNot(word: ContextWord | null): readonly string[] {
  if (word === null || word.reason === null) return [];
  return [`${word.act} because:`, ...quoted(word.reason, contextCaps.fieldChars)];
}

function parents(all: readonly ContextParent[]): string {
  if (all.length === 0) return '';
  const shown = all.slice(0, contextCaps.parents);
  const hidden = all.length - shown.length;
  const more = hidden === 0 ? [] : [`(${hidden} more left out)`];
  return ['## Results of the tasks this one builds on', ...shown.map(parent), ...more].join('\n\n');
}

function parent(one: ContextParent): string {
  return [
    `### ${one.title} (${one.id})`,
    ...field('summary', one.summary),
    ...field('result', one.result),
    ...field('metadata', one.metadata),
  ].join('\n');
}

function recent(all: ContextInput['recent']): string {
  if (all.length === 0) return '';
  const lines = all.slice(0, contextCaps.recentRuns).map((run) => {
    const firstLine = run.summary.split('\n', 1)[0] ?? '';
    return `- ${run.taskId}: ${shorten(firstLine, contextCaps.recentChars)}`;
  });
  return ['## Recent work by the same assignee', '', ...lines].join('\n');
}

/** Comments are quoted and named as what they are, so that nobody takes them for instructions. */
function comments(all: ContextInput['comments']): string {
  if (all.length === 0) return '';
  const shown = all.slice(-contextCaps.comments).map((comment) => {
    const lines = quoted(comment.body, contextCaps.commentChars);
    return [`Comment from ${comment.author}:`, ...lines].join('\n');
  });
  return ['## Comments', ...shown].join('\n\n');
}

/** Every line of what somebody wrote is marked, so that none passes for a part of the context. */
function quoted(text: string, charsMax: number): readonly string[] {
  return shorten(text, charsMax)
    .split('\n')
    .map((row) => `> ${row}`);
}

function field(name: string, value: Json): readonly string[] {
  if (value === null || value === undefined) return [];
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return [`${name}: ${shorten(text, contextCaps.fieldChars)}`];
}

function shorten(text: string, charsMax: number): string {
  return text.length <= charsMax
    ? text
    : `${cut(text, charsMax)}… (cut, ${text.length} characters)`;
}
