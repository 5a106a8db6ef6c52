// @ts-check
/** What is under a point of the chart. */
import { barAt, signAt } from './hit.mjs';
import { measures } from './paint-rows.mjs';

/** How far beside something one may point at it, in pixels. */
const slack = 5;

/**
 * The index of a row, or -1, and what is there of it.
 *
 * @typedef {object} Pointed
 * @property {number} index
 * @property {import('./rows.mjs').Bar} [bar]
 * @property {import('./rows.mjs').Sign} [sign]
 */

/**
 * The moment of a column.
 *
 * @param {import('./paint-rows.mjs').Scene} scene
 * @param {number} x
 */
export function momentAt({ view, left, width }, x) {
  return view.fromAtMs + ((x - left) / (width - left)) * (view.toAtMs - view.fromAtMs);
}

/**
 * What is at a point of the canvas; `signs` are those of the whole board.
 *
 * @param {import('./paint-rows.mjs').Scene} scene
 * @param {readonly import('./rows.mjs').Sign[]} signs
 * @param {number} x
 * @param {number} y
 * @returns {Pointed}
 */
export function whatIsAt(scene, signs, x, y) {
  const atMs = momentAt(scene, x);
  const slackMs = momentAt(scene, x + slack) - atMs;
  if (y < measures.axis) return found(-1, undefined, signAt({ ...noRow, signs }, atMs, slackMs));
  const index = Math.floor((y - measures.axis + scene.scrollTop) / measures.row);
  const row = scene.rows[index];
  if (row === undefined) return { index: -1 };
  if (x < scene.left) return { index };
  const sign = signAt(row, atMs, slackMs);
  return found(index, sign === undefined ? barAt(row, atMs, slackMs) : undefined, sign);
}

/**
 * @param {number} index
 * @param {import('./rows.mjs').Bar | undefined} bar
 * @param {import('./rows.mjs').Sign | undefined} sign
 * @returns {Pointed}
 */
function found(index, bar, sign) {
  return { index, ...(bar && { bar }), ...(sign && { sign }) };
}

/** @type {import('./rows.mjs').Row} */
const noRow = { key: '', label: '', detail: '', bars: [], signs: [] };
