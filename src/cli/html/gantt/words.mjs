// @ts-check
/** Everything on the page that is text: tooltip, panel, legend, table. */
import { browser, element, make } from '../../../gantt/browser.mjs';
import { markLooks, segmentLooks } from '../../../gantt/looks.mjs';
import { tellBar, tellSign } from '../../../gantt/tell.mjs';

/** @typedef {import('../../../gantt/tell.mjs').Telling} Telling */
/** @typedef {import('../../../gantt/looks.mjs').SegmentLook} SegmentLook */

/**
 * Shows a telling beside the pointer; undefined hides it.
 *
 * @param {Telling | undefined} telling
 * @param {number} x
 * @param {number} y
 */
export function showTip(telling, x, y) {
  const tip = element('tip');
  tip.hidden = telling === undefined;
  if (telling === undefined) return;
  tip.replaceChildren(...told(telling));
  const { width, height } = tip.parentElement.getBoundingClientRect();
  const beside = x + 16 + tip.offsetWidth > width ? x - 12 - tip.offsetWidth : x + 16;
  const below = y + 16 + tip.offsetHeight > height ? y - 12 - tip.offsetHeight : y + 16;
  tip.style.left = `${Math.max(4, beside)}px`;
  tip.style.top = `${Math.max(4, below)}px`;
}

/** The panel says what was chosen, aloud too. @param {Telling} telling */
export function showPanel(telling) {
  element('panel').replaceChildren(...told(telling));
}

/** @param {Telling} telling */
function told({ headline, facts }) {
  const list = facts.map(([name, text]) => {
    return make('div', '', [make('dt', name), make('dd', text)]);
  });
  return [make('h2', headline), make('dl', '', list)];
}

/**
 * A key for each kind that occurs, drawn by the same hand as the chart.
 *
 * @param {readonly import('../../../gantt/rows.mjs').Life[]} lives
 * @param {readonly import('../../../gantt/rows.mjs').Sign[]} around
 */
export function showLegend(lives, around) {
  const bars = new Set(lives.flatMap((life) => life.bars.map(({ kind }) => kind)));
  const signs = new Set([...lives.flatMap((life) => life.signs), ...around].map((s) => s.kind));
  const keys = [
    ...Object.entries(segmentLooks).flatMap(([kind, look]) => (bars.has(kind) ? keyOf(look) : [])),
    ...Object.entries(markLooks).flatMap(([kind, look]) => (signs.has(kind) ? keyOf(look) : [])),
  ];
  element('legend').replaceChildren(...keys);
}

/** @param {SegmentLook | import('../../../gantt/looks.mjs').MarkLook} look */
function keyOf(look) {
  const sample = drawing(24, 14);
  if ('shape' in look) sample.append(shape('path', { d: look.shape, class: 'mark' }, look));
  else sample.append(...barOf(look));
  return make('li', '', [sample, make('span', look.word)]);
}

/** @param {SegmentLook} look */
function barOf(look) {
  const { pattern } = look;
  const box = { x: '1', y: '1', width: '22', height: '12', class: `bar ${pattern}` };
  const lines = {
    hatched: 'M1 7 7 1M1 13 13 1M7 13 19 1M13 13 23 3M19 13 23 9',
    crossed: 'M1 7 7 1M1 13 13 1M7 13 19 1M13 13 23 3M7 1 19 13M13 1 23 11M1 1 13 13M1 7 7 13',
    striped: 'M5 1V13M9 1V13M13 1V13M17 1V13M21 1V13',
  };
  const inside = pattern in lines ? lines[/** @type {'hatched'} */ (pattern)] : undefined;
  return [
    shape('rect', box, look),
    ...(inside === undefined ? [] : [shape('path', { d: inside, class: 'lines' }, look)]),
  ];
}

const svg = 'http://www.w3.org/2000/svg';

/**
 * @param {number} width
 * @param {number} height
 */
function drawing(width, height) {
  const made = browser.document.createElementNS(svg, 'svg');
  made.setAttribute('width', `${width}`);
  made.setAttribute('height', `${height}`);
  made.setAttribute('aria-hidden', 'true');
  return made;
}

/**
 * A part of a drawing in the colour of a kind; the style sheet knows how to use it.
 *
 * @param {string} name
 * @param {Readonly<Record<string, string>>} attributes
 * @param {{ light: string, dark: string }} look
 */
function shape(name, attributes, { light, dark }) {
  const made = browser.document.createElementNS(svg, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.style.setProperty('--light', light);
  made.style.setProperty('--dark', dark);
  return made;
}

/**
 * The rows as a table, for those who read it with other means; made when it is opened.
 *
 * @param {() => readonly import('../../../gantt/rows.mjs').Row[]} rowsNow
 * @param {(taskId: string) => string} titleOf
 */
export function offerTable(rowsNow, titleOf) {
  const details = element('table');
  details.addEventListener('toggle', () => {
    const body = details.querySelector('tbody');
    body.replaceChildren(...(details.open ? rowsNow().flatMap((row) => lines(row, titleOf)) : []));
  });
}

/**
 * @param {import('../../../gantt/rows.mjs').Row} row
 * @param {(taskId: string) => string} titleOf
 */
function lines({ label, bars, signs }, titleOf) {
  const entries = [
    ...bars.map((bar) => ({ atMs: bar.fromAtMs, telling: tellBar(bar, titleOf(bar.taskId)) })),
    ...signs.map((sign) => ({ atMs: sign.atMs, telling: tellSign(sign) })),
  ];
  return entries
    .sort((one, other) => one.atMs - other.atMs)
    .map(({ telling: { headline, facts } }) => {
      const said = facts.map(([name, text]) => `${name} ${text}`).join(', ');
      return make('tr', '', [make('td', label), make('td', headline), make('td', said)]);
    });
}
