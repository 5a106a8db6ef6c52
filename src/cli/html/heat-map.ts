/**
 * What other policies would have meant, as a page: a heat map of two of the tried values, the best
 * one with its reasons, the doubts, and every figure in a table.
 */
import type { WhatIf } from '../../app/what-if.ts';
import { costMs, type Score } from '../../domain/what-if/score.ts';
import { counted, figure } from '../../wire/counted.ts';
import { isoTime } from '../../wire/iso-time.ts';
import { span } from '../../wire/span.ts';
import { doubtsOf } from '../../wire/what-if-doubts.ts';
import {
  falseCount,
  keyWords,
  policyWords,
  reasonsOf,
  valueWord,
} from '../../wire/what-if-words.ts';
import { htmlDocument } from './document.ts';
import { escapeMarkup } from './escape.ts';
import { readScript, readStyle } from './page-parts.ts';

/** What the page can colour by, in the words of its choice. */
const measures = {
  cost: 'cost',
  false: 'false reclaims',
  idle: 'idle time',
  lost: 'lost work',
} as const;
type Measure = keyof typeof measures;

/** The page over an answer with at least one run; `board` is what its title calls the board. */
export function heatMapPage(answer: WhatIf, board: string): string {
  return htmlDocument({
    title: `what if · ${board}`,
    body: bodyOf(answer, board),
    style: readStyle(new URL('./heat-map/heat-map.css', import.meta.url)),
    script: readScript(new URL('./heat-map/main.mjs', import.meta.url)),
    data: dataOf(answer),
  });
}

function dataOf(answer: WhatIf) {
  const { axes, scores, best, currentIndex } = answer;
  return {
    axes: axes.map(({ key, values }) => ({
      word: keyWords[key],
      labels: values.map((ms) => valueWord(key, ms)),
    })),
    measures,
    cells: scores.map((score, index) => ({
      values: valuesOf(answer, score),
      texts: textsOf(answer, score),
      name: policyWords(score.trial),
      facts: factsOf(answer, score),
      isBest: index === best?.index,
      isInForce: index === currentIndex,
    })),
  };
}

function valuesOf({ weighMs }: WhatIf, score: Score): Record<Measure, number> {
  return {
    cost: costMs(score, weighMs),
    false: score.falseReclaims + score.unsure,
    idle: score.idleMs,
    lost: score.lostMs + score.unsureLostMs,
  };
}

function textsOf(answer: WhatIf, score: Score): Record<Measure, string> {
  const { cost, idle, lost } = valuesOf(answer, score);
  const short = (ms: number) => (ms === 0 ? '0' : span(ms));
  return { cost: short(cost), false: falseCount(score), idle: short(idle), lost: short(lost) };
}

/** What a cell tells when it is pointed at or reached with the keys: words and figures. */
function factsOf(answer: WhatIf, score: Score): readonly (readonly [string, string])[] {
  const { example, delayMedianMs, delayMaxMs, noticed, missed, left, untold } = score;
  const texts = textsOf(answer, score);
  const delays = [delayMedianMs, delayMaxMs].map((ms) => (ms === null ? '–' : span(ms)));
  return [
    ['given up alive', figure(score.falseReclaims)],
    ['perhaps alive', figure(score.unsure)],
    ['dead and noticed', missed === 0 ? figure(noticed) : `${noticed} of ${noticed + missed}`],
    ['noticed after', noticed === 0 ? '–' : `${delays[0]}, at most ${delays[1]}`],
    ['lost work', texts.lost],
    ['idle time', texts.idle],
    ['cost', texts.cost],
    ['let work', figure(left)],
    ['cannot be told', figure(untold)],
    ...(example === null
      ? []
      : [['for example', `${example.runId} after ${span(example.atMs)}`] as const]),
  ];
}

function bodyOf(answer: WhatIf, board: string): string {
  const { runs, scores, best, firstClaimAtMs, lastClaimAtMs, weighMs } = answer;
  const chosen = best === null ? undefined : scores[best.index];
  const minute = (ms: number | null) => isoTime(ms)?.slice(0, 16).replace('T', ' ');
  const when = `${minute(firstClaimAtMs)} to ${minute(lastClaimAtMs)} UTC`;
  const name = chosen === undefined || best?.isTie ? 'no better one' : policyWords(chosen.trial);
  const item = (text: string) => `<li>${escapeMarkup(text)}</li>`;
  return `<header>
<h1>What if? <small>${escapeMarkup(board)}</small></h1>
<p>${counted(runs, 'run')}, claimed ${escapeMarkup(when)}, each judged on its own by
${figure(scores.length)} policies.</p>
</header>
<main>
<section id="map" aria-label="heat map">
<div id="controls"></div>
<div id="grid"></div>
<p id="legend" aria-hidden="true"></p>
<p class="keys">★ best · ● in force · ▲ given up alive · arrow keys move, Tab leaves</p>
</section>
<section class="words">
<h2>★ Best: ${escapeMarkup(name)}</h2>
<ul>${reasonsOf(answer).map(item).join('\n')}</ul>
<p class="faint">Cost = idle time + lost work + ${span(weighMs)} for every false or unsure reclaim
(--weigh); least is best, and among equals what is nearest to the policy in force.</p>
<h2>What this does not know</h2>
<ul>${doubtsOf(answer)
    .map(({ says }) => item(says))
    .join('\n')}</ul>
</section>
<details>
<summary>All figures</summary>
${tableOf(answer)}
</details>
</main>
<div id="tip" role="tooltip" hidden></div>`;
}

function tableOf(answer: WhatIf): string {
  const { axes, scores, best, currentIndex } = answer;
  const cells = (tag: 'td' | 'th', texts: readonly string[]) =>
    texts.map((text) => `<${tag}>${escapeMarkup(text)}</${tag}>`).join('');
  const head = [...axes.map(({ key }) => keyWords[key]), 'false', 'unsure', 'noticed'];
  const more = ['after (median)', 'lost', 'idle', 'cost', ''];
  const rows = scores.map((score, index) => {
    const { lost, idle, cost } = textsOf(answer, score);
    const delay = score.delayMedianMs === null ? '–' : span(score.delayMedianMs);
    const marks = [
      ...(index === best?.index ? ['★ best'] : []),
      ...(index === currentIndex ? ['● in force'] : []),
    ];
    const values = axes.map(({ key }) => valueWord(key, score.trial[key] ?? 0));
    const counts = [score.falseReclaims, score.unsure, score.noticed].map(figure);
    const figures = [...values, ...counts, delay, lost, idle, cost, marks.join(', ')];
    return `<tr>${cells('td', figures)}</tr>`;
  });
  return `<table class="figures"><thead><tr>${cells('th', [...head, ...more])}</tr></thead>
<tbody>${rows.join('\n')}</tbody></table>`;
}
