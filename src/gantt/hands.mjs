// @ts-check
/** Mouse, fingers and keys on the chart. */
import { browser } from './browser.mjs';

/**
 * What the hands ask for besides moving the view.
 *
 * @typedef {object} Wishes
 * @property {(x: number, y: number) => void} point something may be under the pointer
 * @property {() => void} leave the pointer has gone
 * @property {(x: number, y: number) => void} pick a click
 * @property {(step: 1 | -1) => boolean} row the next or previous row; false when there is none
 * @property {(fromX: number, toX: number) => void} [brush] a range is being chosen
 * @property {() => boolean} [isBrushing] whether dragging chooses; with Shift it always does
 * @property {(step: 1 | -1) => void} along the next or previous thing in the row
 */

/** Pixels that a hand may tremble during a click. */
const tremble = 4;

/**
 * Lets mouse, fingers and keys move the chart, and tells what else they wish.
 *
 * @param {import('./chart.mjs').Chart} chart
 * @param {Wishes} wishes
 */
export function useHands(chart, wishes) {
  usePointer(chart, wishes);
  useWheel(chart);
  chart.canvas.addEventListener('keydown', (/** @type {any} */ event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (pressed(chart, wishes, event)) event.preventDefault();
  });
}

/**
 * @param {import('./chart.mjs').Chart} chart
 * @param {Wishes} wishes
 */
function usePointer(chart, wishes) {
  const { canvas } = chart;
  /** @type {{ x: number, y: number, isMoved: boolean, isBrush: boolean } | undefined} */
  let held;
  canvas.addEventListener('pointerdown', (/** @type {any} */ event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    const isBrush =
      wishes.brush !== undefined && (event.shiftKey || wishes.isBrushing?.() === true);
    held = { x: event.offsetX, y: event.offsetY, isMoved: false, isBrush };
  });
  canvas.addEventListener('pointermove', (/** @type {any} */ { offsetX: x, offsetY: y }) => {
    if (held === undefined) return wishes.point(x, y);
    const isClick = !held.isMoved && Math.hypot(x - held.x, y - held.y) < tremble;
    if (isClick) return;
    wishes.leave();
    if (held.isBrush) {
      held.isMoved = true;
      wishes.brush?.(held.x, x);
      return;
    }
    canvas.classList.add('held');
    chart.panBy(held.x - x);
    chart.scrollBy(held.y - y);
    held = { ...held, x, y, isMoved: true };
  });
  canvas.addEventListener('pointerup', (/** @type {any} */ { offsetX, offsetY }) => {
    if (held?.isMoved === false) wishes.pick(offsetX, offsetY);
    held = undefined;
    canvas.classList.remove('held');
  });
  canvas.addEventListener('pointercancel', () => {
    held = undefined;
  });
  canvas.addEventListener('pointerleave', wishes.leave);
}

/**
 * Over the labels the wheel scrolls, over the chart it zooms.
 *
 * @param {import('./chart.mjs').Chart} chart
 */
function useWheel(chart) {
  chart.canvas.addEventListener(
    'wheel',
    (/** @type {any} */ event) => {
      event.preventDefault();
      const unit = event.deltaMode === browser.WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
      if (event.shiftKey || Math.abs(dx) > Math.abs(dy)) chart.panBy(dx === 0 ? dy : dx);
      else if (event.offsetX < chart.scene.left) chart.scrollBy(dy);
      else chart.zoomAt(2 ** (Math.min(Math.max(dy, -240), 240) / 240), event.offsetX);
    },
    { passive: false },
  );
}

/**
 * Whether the key meant something here.
 *
 * @param {import('./chart.mjs').Chart} chart
 * @param {Wishes} wishes
 * @param {any} event
 * @returns {boolean}
 */
function pressed(chart, wishes, { key, shiftKey }) {
  const step = (chart.scene.width - chart.scene.left) / 8;
  if (key === 'Tab') return wishes.row(shiftKey ? -1 : 1);
  if (key === 'ArrowDown' || key === 'ArrowUp') {
    wishes.row(key === 'ArrowDown' ? 1 : -1);
    return true;
  }
  const way = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
  if (way !== 0 && shiftKey) wishes.along(way);
  else if (way !== 0) chart.panBy(way * step);
  else if (key === '+' || key === '=') chart.glideBy(1 / 2);
  else if (key === '-') chart.glideBy(2);
  else if (key === '0' || key === 'Home') chart.showAll();
  else if (key === 'PageDown' || key === 'PageUp') {
    chart.scrollBy((key === 'PageDown' ? 1 : -1) * (chart.scene.height - 100));
  } else return false;
  return true;
}
