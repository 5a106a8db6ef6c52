// @ts-check
/** Draws the rows of the chart: labels, bars, and the marks over them. */
import { firstFrom } from './hit.mjs';
import { segmentLooks } from './looks.mjs';
import { stampSize } from './theme.mjs';

/** Heights and distances, in CSS pixels. */
export const measures = { row: 28, bar: 16, axis: 46, mark: 9 };

/** Narrower bars, in pixels, have no pattern. */
const patternMin = 7;
/** What must not be hidden under its neighbours when all are narrow. */
const alarming = new Set(['suspect', 'halted', 'blocked']);
const mono = '12px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace';
const sans = '12px system-ui, sans-serif';
const headingFont = '600 12px system-ui, sans-serif';

/**
 * What a drawing needs to know.
 *
 * @typedef {object} Scene
 * @property {any} context of the canvas
 * @property {import('./theme.mjs').Theme} theme
 * @property {number} width
 * @property {number} height
 * @property {number} left where the chart begins, after the labels
 * @property {import('./view.mjs').Span} view
 * @property {readonly import('./rows.mjs').Row[]} rows
 * @property {number} scrollTop
 * @property {number} chosen index of the row that is chosen; -1 for none
 * @property {unknown} pointed the bar or mark that is pointed at or chosen
 * @property {boolean} isByWorker
 * @property {import('./view.mjs').Span | undefined} brush a range that was chosen
 */

/**
 * The column of a moment.
 *
 * @param {Scene} scene
 * @param {number} atMs
 */
export function columnOf({ left, width, view }, atMs) {
  return left + ((atMs - view.fromAtMs) / (view.toAtMs - view.fromAtMs)) * (width - left);
}

/** What lies under everything else. @param {Scene} scene */
export function paintGrounds(scene) {
  const { context, theme, width, chosen } = scene;
  for (const { row, index, y } of inSight(scene)) {
    const even = index % 2 === 1 ? theme.stripe : theme.ground;
    const quiet = row.isHeading ? theme.grid : even;
    context.fillStyle = index === chosen ? theme.focus : quiet;
    context.fillRect(0, y, width, measures.row);
  }
}

/** The rows that can be seen, with what is in them. @param {Scene} scene */
export function paintRows(scene) {
  const { context, width, height, left } = scene;
  const rows = [...inSight(scene)];
  for (const { row, y } of rows) paintLabel(scene, row, y);
  context.save();
  context.beginPath();
  context.rect(left, 0, width - left, height);
  context.clip();
  for (const { row, y } of rows) paintBars(scene, row, y + (measures.row - measures.bar) / 2);
  for (const { row, y } of rows) paintSigns(scene, row, y + measures.row / 2);
  context.restore();
}

/** @param {Scene} scene */
function* inSight({ rows, scrollTop, height }) {
  const first = Math.max(0, Math.floor(scrollTop / measures.row));
  const count = Math.ceil((height - measures.axis) / measures.row) + 1;
  for (let index = first; index < Math.min(rows.length, first + count); index += 1) {
    const row = /** @type {import('./rows.mjs').Row} */ (rows[index]);
    yield { row, index, y: measures.axis + index * measures.row - scrollTop };
  }
}

/**
 * @param {Scene} scene
 * @param {import('./rows.mjs').Row} row
 * @param {number} y
 */
function paintLabel(scene, { label, detail, isHeading }, y) {
  const { context, theme, left } = scene;
  const middle = y + measures.row / 2;
  const room = left - 24;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  const font = isHeading ? headingFont : mono;
  const name = write(scene, { font, colour: theme.ink, x: 12, y: middle, room }, label);
  const rest = { font: sans, colour: theme.faint, x: 22 + name, y: middle, room: room - name - 10 };
  if (rest.room > 30) write(scene, rest, detail);
}

/**
 * Writes a text that fits; answers how wide it came out.
 *
 * @param {Scene} scene
 * @param {{ font: string, colour: string, x: number, y: number, room: number }} where
 * @param {string} text
 * @returns {number}
 */
function write({ context }, { font, colour, x, y, room }, text) {
  const { words, width } = fitted(context, font, text, Math.max(0, room));
  context.font = font;
  context.fillStyle = colour;
  context.fillText(words, x, y);
  return width;
}

/** @type {Map<string, { words: string, width: number }>} */
const cuts = new Map();

/**
 * A text cut to so many pixels. Measuring is slow, and labels stay: what was measured is kept.
 *
 * @param {any} context
 * @param {string} font
 * @param {string} text
 * @param {number} room
 */
function fitted(context, font, text, room) {
  const key = `${font}|${Math.floor(room)}|${text}`;
  const known = cuts.get(key);
  if (known !== undefined) return known;
  context.font = font;
  const measure = (/** @type {string} */ words) => context.measureText(words).width;
  let words = text;
  if (measure(text) > room) {
    const letters = [...text];
    const fits = (/** @type {number} */ n) => measure(`${letters.slice(0, n).join('')}…`) <= room;
    let [low, high] = [0, letters.length];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (fits(middle)) low = middle;
      else high = middle - 1;
    }
    words = low === 0 ? '' : `${letters.slice(0, low).join('').trimEnd()}…`;
  }
  if (cuts.size > 5_000) cuts.clear();
  const cut = { words, width: words === '' ? 0 : measure(words) };
  cuts.set(key, cut);
  return cut;
}

/**
 * Quiet stretches first, so that a short alarm is never hidden under a long calm.
 *
 * @param {Scene} scene
 * @param {import('./rows.mjs').Row} row
 * @param {number} y
 */
function paintBars(scene, { bars, signs }, y) {
  const { view } = scene;
  const alarms = [];
  let drawnTo = Number.NEGATIVE_INFINITY;
  for (let i = firstFrom(bars, view.fromAtMs, (bar) => bar.toAtMs); i < bars.length; i += 1) {
    const bar = /** @type {import('./rows.mjs').Bar} */ (bars[i]);
    if (bar.fromAtMs > view.toAtMs) break;
    const to = columnOf(scene, bar.toAtMs);
    if (alarming.has(bar.kind) || bar === scene.pointed) alarms.push(bar);
    // Of many within one pixel, one can be seen.
    else if (to - drawnTo > 0.4) {
      paintBar(scene, bar, { y, signs });
      drawnTo = to;
    }
  }
  for (const bar of alarms) paintBar(scene, bar, { y, signs });
}

/**
 * @param {Scene} scene
 * @param {import('./rows.mjs').Bar} bar
 * @param {{ y: number, signs: readonly import('./rows.mjs').Sign[] }} row
 */
function paintBar(scene, bar, { y, signs }) {
  const { context, theme, left, width, pointed } = scene;
  const from = Math.max(columnOf(scene, bar.fromAtMs), left - 4);
  const to = Math.min(columnOf(scene, bar.toAtMs), width + 4);
  const wide = Math.max(to - from, alarming.has(bar.kind) ? 3 : 1.5);
  const pattern = segmentLooks[bar.kind]?.pattern ?? 'solid';
  const colour = theme.colourOf(bar.kind);
  if (pattern === 'thin') {
    context.fillStyle = colour;
    context.fillRect(from, y + measures.bar / 2 - 1, wide, 2);
  } else {
    // Where there is no room for a pattern, the colour must do; patterns are slow, too.
    context.fillStyle = wide < patternMin ? colour : theme.fillOf(context, bar.kind);
    context.fillRect(from, y, wide, measures.bar);
    if (pattern !== 'solid' && wide >= patternMin)
      frame(context, { from, y, wide }, pattern, colour);
    const room = wide > 40 ? roomBefore(scene, signs, bar) : 0;
    if (room > 0) paintWords(scene, bar, { from, y, wide, room });
  }
  if (bar === pointed) {
    context.strokeStyle = theme.ink;
    context.lineWidth = 2;
    context.strokeRect(from - 1, y - 1, wide + 2, measures.bar + 2);
  }
}

/**
 * @param {any} context
 * @param {{ from: number, y: number, wide: number }} box
 * @param {string} pattern
 * @param {string} colour
 */
function frame(context, { from, y, wide }, pattern, colour) {
  const dashes = pattern === 'dashed' ? [4, 3] : pattern === 'dotted' ? [1, 3] : [];
  context.setLineDash(dashes);
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.strokeRect(from + 0.5, y + 0.5, wide - 1, measures.bar - 1);
  context.setLineDash([]);
}

/**
 * Within a running bar stands who runs, or in a worker's row, what: as much as there is room for
 * before the next mark. Half a word says nothing.
 *
 * @param {Scene} scene
 * @param {import('./rows.mjs').Bar} bar
 * @param {{ from: number, y: number, wide: number, room: number }} box
 */
function paintWords(scene, { kind, taskId, assignee, attempt }, { from, y, wide, room }) {
  if (kind !== 'running') return;
  const font = '11px system-ui, sans-serif';
  const said = scene.isByWorker
    ? [taskId]
    : [`${assignee ?? 'somebody'} · try ${attempt}`, `try ${attempt}`];
  const free = Math.min(wide, room) - 10;
  const all = Number.MAX_SAFE_INTEGER;
  const words = said.find((each) => fitted(scene.context, font, each, all).width <= free);
  if (words === undefined) return;
  const at = { font, colour: scene.theme.onBar, x: from + 6, y: y + measures.bar / 2 + 0.5 };
  write(scene, { ...at, room: all }, words);
}

/**
 * How far it is from the beginning of a bar to the next mark, in pixels.
 *
 * @param {Scene} scene
 * @param {readonly import('./rows.mjs').Sign[]} signs
 * @param {import('./rows.mjs').Bar} bar
 */
function roomBefore(scene, signs, { fromAtMs }) {
  const shownMs = Math.max(fromAtMs, scene.view.fromAtMs);
  const next = signs[firstFrom(signs, shownMs, (sign) => sign.atMs)];
  if (next === undefined) return Number.MAX_SAFE_INTEGER;
  return columnOf(scene, next.atMs) - columnOf(scene, shownMs) - measures.mark;
}

/** Where marks on one spot stand, above and below the middle. */
const levels = [0, -7, 7];

/**
 * Marks that would cover each other stand one above the other.
 *
 * @param {Scene} scene
 * @param {import('./rows.mjs').Row} row
 * @param {number} y
 */
function paintSigns(scene, { signs }, y) {
  const { view } = scene;
  let [lastX, level] = [Number.NEGATIVE_INFINITY, 0];
  for (let i = firstFrom(signs, view.fromAtMs, (sign) => sign.atMs); i < signs.length; i += 1) {
    const sign = /** @type {import('./rows.mjs').Sign} */ (signs[i]);
    if (sign.atMs > view.toAtMs) break;
    const x = columnOf(scene, sign.atMs);
    level = x - lastX < measures.mark ? level + 1 : 0;
    // A third one on the same spot would only be drawn over the first.
    if (level > 2) continue;
    lastX = level === 0 ? x : lastX;
    paintSign(scene, sign, x, y + (levels[level] ?? 0));
  }
}

/**
 * A mark around a point.
 *
 * @param {Scene} scene
 * @param {import('./rows.mjs').Sign} sign
 * @param {number} x
 * @param {number} y
 */
export function paintSign({ context, theme, pointed }, sign, x, y) {
  const size = sign === pointed ? stampSize * 1.5 : stampSize;
  // On whole pixels a stamp is copied; between them it would be computed anew.
  const [left, top] = [Math.round(x - size / 2), Math.round(y - size / 2)];
  context.drawImage(theme.stampOf(sign.kind), left, top, size, size);
}
