/** What another policy would have meant, as a table with reasons and doubts. */
import type { WhatIf } from '../app/what-if.ts';
import { costMs, type Score } from '../domain/what-if/score.ts';
import { counted, figure } from '../wire/counted.ts';
import { span } from '../wire/span.ts';
import { doubtsOf } from '../wire/what-if-doubts.ts';
import { keyWords, policyWords, reasonsOf, valueWord } from '../wire/what-if-words.ts';
import type { Style } from './style.ts';
import { type Column, renderTable } from './table.ts';
import { clockTime } from './time.ts';
import { wrap } from './wrap.ts';

/** Policies shown at most; of more, the cheapest. */
const rowsMax = 40;
/** Lines of prose are not longer than this, even where nobody measures. */
const proseColumns = 96;

/** The answer as people read it. */
export function whatIfText(answer: WhatIf, style: Style, nowMs: number): string {
  if (answer.runs === 0) return 'no run was claimed there, so there is nothing to judge';
  const shown = rowsOf(answer);
  const hidden = answer.scores.length - shown.length;
  return [
    // Of another day, both times have their dates.
    ...wrap(heading(answer, nowMs), Math.min(style.columns, proseColumns)),
    '',
    renderTable(
      columnsOf(answer),
      shown.map((index) => row(answer, index, style)),
      style,
    ),
    ...(hidden > 0 ? [style.paint('dim', `${figure(hidden)} that cost more: --json, --html`)] : []),
    '',
    ...verdict(answer, style),
    '',
    style.paint('dim', 'What this does not know:'),
    ...doubtsOf(answer).flatMap(({ says }) => bullet(says, style)),
  ].join('\n');
}

function heading({ runs, scores, firstClaimAtMs, lastClaimAtMs }: WhatIf, nowMs: number): string {
  const at = (ms: number | null) => clockTime(ms ?? 0, nowMs);
  const when = `claimed ${at(firstClaimAtMs)} to ${at(lastClaimAtMs)}`;
  const policies = scores.length === 1 ? '1 policy' : `${figure(scores.length)} policies`;
  return `${counted(runs, 'run')} ${when}, each judged by ${policies}`;
}

/** In the order of the axes; of too many, the cheapest and those in force. */
function rowsOf({ scores, weighMs, currentIndex }: WhatIf): readonly number[] {
  const all = scores.map((_, index) => index);
  if (all.length <= rowsMax) return all;
  const cost = (index: number) => costMs(scores[index] as Score, weighMs);
  const cheapest = all.toSorted((one, other) => cost(one) - cost(other)).slice(0, rowsMax / 2);
  const kept = new Set([...cheapest, ...(currentIndex === null ? [] : [currentIndex])]);
  return all.filter((index) => kept.has(index));
}

function columnsOf({ axes, scores }: WhatIf): readonly Column[] {
  const isUnsure = scores.some(({ unsure }) => unsure > 0);
  const right = [
    ...axes.map(({ key }) => keyWords[key].toUpperCase()),
    'FALSE',
    ...(isUnsure ? ['UNSURE'] : []),
    'NOTICED',
    'AFTER',
    'LOST',
    'IDLE',
    'COST',
  ];
  return [{ head: '' }, ...right.map((head) => ({ head, align: 'right' }) as const), { head: '' }];
}

function row({ axes, scores, weighMs, best, currentIndex }: WhatIf, index: number, style: Style) {
  const score = scores[index] as Score;
  const isUnsure = scores.some(({ unsure }) => unsure > 0);
  const isBest = index === best?.index;
  const isCurrent = index === currentIndex;
  const words = [...(isBest ? ['best'] : []), ...(isCurrent ? ['in force'] : [])].join(', ');
  const zero = (n: number) => (n === 0 ? style.paint('dim', '0') : figure(n));
  const time = (ms: number) => (ms === 0 ? style.paint('dim', '0') : span(ms));
  const noticed = score.missed === 0 ? figure(score.noticed) : noticedOf(score);
  return [
    isBest ? style.paint('good', '★') : isCurrent ? style.paint('active', '●') : '',
    ...axes.map(({ key }) => valueWord(key, score.trial[key] ?? 0)),
    score.falseReclaims === 0 ? zero(0) : style.paint('bad', figure(score.falseReclaims)),
    ...(isUnsure ? [zero(score.unsure)] : []),
    noticed,
    score.delayMedianMs === null ? style.paint('dim', '–') : span(score.delayMedianMs),
    time(score.lostMs + score.unsureLostMs),
    time(score.idleMs),
    time(costMs(score, weighMs)),
    words === '' ? '' : style.paint(isBest ? 'good' : 'active', words),
  ];
}

function noticedOf({ noticed, missed }: Score): string {
  return `${figure(noticed)} of ${figure(noticed + missed)}`;
}

function verdict(answer: WhatIf, style: Style): readonly string[] {
  const { best, scores, weighMs } = answer;
  const chosen = best === null ? undefined : scores[best.index];
  if (chosen === undefined) return [];
  const name = best?.isTie ? 'no better one' : policyWords(chosen.trial);
  const weighed = `one false reclaim weighs ${span(weighMs)} of idle time (--weigh)`;
  return [
    `${style.paint('good', '★ best')}  ${name}  ${style.paint('dim', weighed)}`,
    ...reasonsOf(answer).flatMap((reason) => bullet(reason, style)),
  ];
}

function bullet(text: string, { columns }: Style): readonly string[] {
  const lines = wrap(text, Math.min(columns, proseColumns) - 4);
  return lines.map((line, index) => `${index === 0 ? '  · ' : '    '}${line}`);
}
