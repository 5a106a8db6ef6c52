// @ts-check
/** Draws what all rows share: the axis of time, marks of the whole board, now, the scroll bar. */
import { columnOf, measures, paintSign } from './paint-rows.mjs';
import { localOffsetMs, momentText, ticksBetween } from './ticks.mjs';

/** @typedef {import('./paint-rows.mjs').Scene} Scene */

const sansSmall = '11px system-ui, sans-serif';
const sansBold = '600 11px system-ui, sans-serif';
/** Room that the label of a tick needs, in pixels. */
const labelWidth = 92;

/** Lines behind the bars. @param {Scene} scene */
export function paintGrid(scene) {
  const { context, theme, height } = scene;
  context.fillStyle = theme.grid;
  for (const { atMs } of ticksOf(scene)) {
    context.fillRect(Math.round(columnOf(scene, atMs)), measures.axis, 1, height);
  }
}

/**
 * The strip with the time above the rows.
 *
 * @param {Scene} scene
 */
export function paintAxis(scene) {
  const { context, theme, width, left, view } = scene;
  context.fillStyle = theme.ground;
  context.fillRect(0, 0, width, measures.axis);
  context.fillStyle = theme.grid;
  context.fillRect(0, measures.axis - 1, width, 1);
  context.textBaseline = 'middle';
  context.font = sansBold;
  context.fillStyle = theme.ink;
  context.textAlign = 'left';
  context.fillText(momentText(Math.round(view.fromAtMs), localOffsetMs), left + 4, 10);
  for (const { atMs, label, isDay } of ticksOf(scene)) {
    const x = columnOf(scene, atMs);
    context.font = isDay ? sansBold : sansSmall;
    context.fillStyle = isDay ? theme.ink : theme.faint;
    context.textAlign = 'center';
    if (x > left + 24 && x < width - 24) context.fillText(label, x, measures.axis - 13);
  }
}

/**
 * What concerned the whole board goes through all rows.
 *
 * @param {Scene} scene
 * @param {readonly import('./rows.mjs').Sign[]} signs
 */
export function paintBoardSigns(scene, signs) {
  const { context, theme, height, view } = scene;
  for (const sign of signs) {
    if (sign.atMs < view.fromAtMs || sign.atMs > view.toAtMs) continue;
    const x = columnOf(scene, sign.atMs);
    context.setLineDash([2, 3]);
    line(context, theme.markColour(sign.kind), { x, from: measures.axis, to: height });
    context.setLineDash([]);
    paintSign(scene, sign, x, measures.axis - 2);
  }
}

/**
 * The moment the page was made; there is nothing after it.
 *
 * @param {Scene} scene
 * @param {number} nowMs
 */
export function paintNow(scene, nowMs) {
  const { context, theme, height, view, width } = scene;
  if (nowMs < view.fromAtMs || nowMs > view.toAtMs) return;
  const x = Math.min(columnOf(scene, nowMs), width - 1);
  line(context, theme.now, { x, from: measures.axis - 6, to: height });
  context.font = sansBold;
  context.fillStyle = theme.now;
  context.textAlign = x > width - 30 ? 'right' : 'center';
  context.fillText('now', Math.min(x, width - 4), 10);
}

/**
 * The range that was chosen.
 *
 * @param {Scene} scene
 */
export function paintBrush(scene) {
  const { context, theme, brush, left, height } = scene;
  if (brush === undefined) return;
  const from = Math.max(left, columnOf(scene, brush.fromAtMs));
  const to = columnOf(scene, brush.toAtMs);
  if (to < left) return;
  context.globalAlpha = 0.14;
  context.fillStyle = theme.ink;
  context.fillRect(from, measures.axis, to - from, height);
  context.globalAlpha = 1;
  for (const x of [from, to]) line(context, theme.ink, { x, from: measures.axis - 6, to: height });
}

/**
 * How far down the rows are scrolled.
 *
 * @param {Scene} scene
 */
export function paintScrollBar(scene) {
  const { context, theme, rows, scrollTop, width, height } = scene;
  const [room, all] = [height - measures.axis, rows.length * measures.row];
  if (all <= room) return;
  const size = Math.max(24, (room / all) * room);
  const y = measures.axis + (scrollTop / (all - room)) * (room - size);
  context.globalAlpha = 0.45;
  context.fillStyle = theme.faint;
  context.fillRect(width - 7, y, 5, size);
  context.globalAlpha = 1;
}

/** @param {Scene} scene */
function ticksOf({ view, width, left }) {
  const atMost = Math.max(2, Math.floor((width - left) / labelWidth));
  return ticksBetween(view.fromAtMs, view.toAtMs, atMost, localOffsetMs);
}

/**
 * @param {any} context
 * @param {string} colour
 * @param {{ x: number, from: number, to: number }} way
 */
function line(context, colour, { x, from, to }) {
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x, from);
  context.lineTo(x, to);
  context.stroke();
}
