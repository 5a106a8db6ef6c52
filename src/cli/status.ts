/** Statuses as people see them: a glyph and a word, so that colour is never the only sign. */
import { type Status, statuses } from '../domain/readiness.ts';
import type { RunOutcome } from '../domain/task/events.ts';
import { didYouMean } from '../nearest.ts';
import type { Style, Tone } from './style.ts';
import { UsageError } from './usage-error.ts';

const looks: Readonly<Record<Status, readonly [glyph: string, tone: Tone]>> = {
  triage: ['◇', 'special'],
  waiting: ['○', 'dim'],
  scheduled: ['◷', 'dim'],
  ready: ['▸', 'waiting'],
  running: ['●', 'active'],
  review: ['◆', 'special'],
  done: ['✓', 'good'],
  blocked: ['⊘', 'warn'],
  halted: ['✗', 'bad'],
  archived: ['▪', 'dim'],
  tombstoned: ['†', 'dim'],
};

const outcomeTones: Readonly<Record<RunOutcome, Tone>> = {
  completed: 'good',
  blocked: 'warn',
  released: 'dim',
  reclaimed: 'warn',
  crashed: 'bad',
  timed_out: 'bad',
  stale: 'bad',
  spawn_failed: 'bad',
  protocol_violated: 'bad',
  rate_limited: 'warn',
  canceled: 'dim',
};

/** Other boards' words for the same thing. */
const synonyms: Readonly<Record<string, Status>> = { todo: 'waiting' };

/** `● running`, coloured where colours are on. */
export function statusLabel(status: Status, style: Style): string {
  const [glyph, tone] = looks[status];
  return style.paint(tone, `${glyph} ${status}`);
}

/** `✓ completed`, or `● running` for a run that is still open. */
export function outcomeLabel(outcome: RunOutcome | null, style: Style): string {
  if (outcome === null) return statusLabel('running', style);
  const tone = outcomeTones[outcome];
  const glyph = tone === 'good' ? '✓' : tone === 'bad' ? '✗' : '·';
  return style.paint(tone, `${glyph} ${outcome.replaceAll('_', ' ')}`);
}

/** Reads `ready,running` or `todo`; throws `UsageError` with the nearest word for any other. */
export function parseStatuses(text: string): readonly Status[] {
  return text.split(',').map((part) => parseStatus(part.trim().toLowerCase()));
}

function parseStatus(word: string): Status {
  const status = synonyms[word] ?? statuses.find((known) => known === word);
  if (status !== undefined) return status;
  throw new UsageError(`There is no status “${word}”.`, didYouMean(word, statuses));
}
