// @ts-check
/** Stretches and marks in words, for tooltips, the panel and the table. */
import { markLooks, segmentLooks } from './looks.mjs';
import { durationText, localOffsetMs, momentText } from './ticks.mjs';

/**
 * What is said of something: a headline, and facts by name.
 *
 * @typedef {readonly [name: string, text: string]} Fact
 * @typedef {{ headline: string, facts: readonly Fact[] }} Telling
 */

/**
 * A stretch in words.
 *
 * @param {import('./rows.mjs').Bar} bar
 * @param {string} title of its task
 * @returns {Telling}
 */
export function tellBar(bar, title) {
  const { runId, attempt, assignee, host } = bar;
  const end = bar.isOpen ? 'now, and on' : clock(bar.toAtMs);
  const where = host === null ? '' : ` on ${host}`;
  return {
    headline: segmentLooks[bar.kind]?.word ?? bar.kind,
    facts: [
      ['task', `${bar.taskId} ${title}`],
      ...fact('run', runId === null ? '' : `${runId}, try ${attempt}${where}`),
      ...fact('assignee', assignee ?? ''),
      ['from', clock(bar.fromAtMs)],
      ['to', end],
      ['for', durationText(bar.toAtMs - bar.fromAtMs)],
      ['because', bar.why],
      ...fact('positions', places(bar)),
    ],
  };
}

/**
 * A mark in words.
 *
 * @param {import('./rows.mjs').Sign} sign
 * @returns {Telling}
 */
export function tellSign(sign) {
  return {
    headline: markLooks[sign.kind]?.word ?? sign.kind,
    facts: [
      ['what', sign.what],
      ['at', clock(sign.atMs)],
      ['by', sign.by],
      ...fact('task', sign.taskId ?? ''),
      ...fact('run', sign.runId ?? ''),
      ['position', `#${sign.position}`],
    ],
  };
}

/** @param {import('./rows.mjs').Bar} bar */
function places({ fromPosition, toPosition, isOpen }) {
  if (isOpen) return fromPosition === null ? '' : `from #${fromPosition} on`;
  const [from, to] = [fromPosition, toPosition].map((p) => (p === null ? 'the clock' : `#${p}`));
  return fromPosition === null && toPosition === null ? '' : `${from} to ${to}`;
}

/**
 * @param {string} name
 * @param {string} text
 * @returns {[string, string][]}
 */
function fact(name, text) {
  return text === '' ? [] : [[name, text]];
}

/** @param {number} atMs */
function clock(atMs) {
  return momentText(Math.round(atMs), localOffsetMs);
}
