// @ts-check
/** The chart: what is shown of the rows, drawn at most once a frame when something changed. */
import { browser } from './browser.mjs';
import { createGlide } from './glide.mjs';
import {
  paintAxis,
  paintBoardSigns,
  paintBrush,
  paintGrid,
  paintNow,
  paintScrollBar,
} from './paint-axis.mjs';
import { measures, paintGrounds, paintRows } from './paint-rows.mjs';
import { momentAt, whatIsAt } from './pointed.mjs';
import { createTheme } from './theme.mjs';
import { anchorOf, around, followed, panned, within, zoomed } from './view.mjs';

/**
 * What the page was given.
 *
 * @typedef {object} Data
 * @property {number} nowMs
 * @property {number} fromAtMs
 * @property {number} toAtMs
 * @property {readonly import('./rows.mjs').Life[]} lives
 * @property {readonly import('./rows.mjs').Sign[]} signs
 */

/**
 * A chart on a canvas, which shows no rows yet; everything that changes it is a function. It fills
 * the element around the canvas.
 *
 * @param {any} canvas
 * @param {Data} first
 * @param {() => boolean} [isDark] default: as the system has it
 */
export function createChart(canvas, first, isDark) {
  const context = canvas.getContext('2d', { alpha: false });
  const dark = browser.matchMedia('(prefers-color-scheme: dark)');
  let data = first;
  let whole = around(data);
  /** @type {import('./paint-rows.mjs').Scene} */
  const scene = {
    ...{ context, theme: createTheme('light', 1), width: 0, height: 0, left: 0, view: whole },
    ...{ rows: [], scrollTop: 0, chosen: -1, pointed: undefined, isByWorker: false },
    brush: undefined,
  };
  let isDue = false;
  const glide = createGlide(scene, paint);

  function redraw() {
    if (isDue) return;
    isDue = true;
    browser.requestAnimationFrame(paint);
  }

  function paint() {
    isDue = false;
    const { theme, width, height } = scene;
    context.fillStyle = theme.ground;
    context.fillRect(0, 0, width, height);
    paintGrounds(scene);
    paintGrid(scene);
    paintRows(scene);
    paintAxis(scene);
    paintBoardSigns(scene, data.signs);
    paintNow(scene, data.nowMs);
    paintBrush(scene);
    paintScrollBar(scene);
    const { view, rows, scrollTop } = scene;
    const shown = { from: view.fromAtMs, to: view.toAtMs, rows: rows.length, scrollTop };
    Object.assign(canvas.dataset, shown);
  }

  /** The size of the canvas follows that of its box, in pixels of the screen. */
  function resize() {
    const { width, height } = canvas.parentElement.getBoundingClientRect();
    const scale = browser.devicePixelRatio || 1;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    scene.theme = createTheme((isDark?.() ?? dark.matches) ? 'dark' : 'light', scale);
    Object.assign(scene, { width, height, left: Math.min(340, Math.round(width * 0.3)) });
    scrollTo(scene.scrollTop);
  }

  /** @param {import('./view.mjs').Span} view */
  function show(view) {
    glide.stop();
    scene.view = view;
    redraw();
  }

  /** @param {number} top */
  function scrollTo(top) {
    const room = scene.height - measures.axis;
    const most = Math.max(0, scene.rows.length * measures.row - room);
    scene.scrollTop = Math.min(Math.max(0, top), most);
    redraw();
  }

  /** @param {Partial<import('./paint-rows.mjs').Scene>} change */
  function change(change) {
    Object.assign(scene, change);
    scrollTo(scene.scrollTop);
  }

  /** Chooses a row and brings it into sight. @param {number} index */
  function choose(index) {
    scene.chosen = index;
    const [top, room] = [index * measures.row, scene.height - measures.axis - measures.row];
    if (index >= 0) scrollTo(Math.min(top, Math.max(scene.scrollTop, top - room)));
    redraw();
  }

  /** Brings a moment into sight, if it is not. @param {number} atMs */
  function reveal(atMs) {
    const { fromAtMs, toAtMs } = scene.view;
    if (atMs >= fromAtMs && atMs <= toAtMs) return;
    show(panned(scene.view, atMs - (fromAtMs * 3 + toAtMs) / 4, whole));
  }

  /** Other data, such as what is known a little later. @param {Data} next */
  function tell(next) {
    const before = whole;
    data = next;
    whole = around(next);
    scene.view = followed(scene.view, before, whole);
    redraw();
  }

  const observer = new browser.ResizeObserver(resize);
  observer.observe(canvas.parentElement);
  dark.addEventListener('change', resize);
  resize();
  return {
    canvas,
    scene,
    change,
    choose,
    reveal,
    tell,
    momentAt: (/** @type {number} */ x) => momentAt(scene, x),
    /** Draws anew, also after the colours were changed. */
    refresh: resize,
    close() {
      observer.disconnect();
      dark.removeEventListener('change', resize);
      glide.stop();
    },
    /** @type {(x: number, y: number) => import('./pointed.mjs').Pointed} */
    whatIsAt: (x, y) => whatIsAt(scene, data.signs, x, y),
    scrollBy: (/** @type {number} */ by) => scrollTo(scene.scrollTop + by),
    panBy(/** @type {number} */ pixels) {
      show(panned(scene.view, momentAt(scene, pixels) - momentAt(scene, 0), whole));
    },
    /** @type {(factor: number, x?: number) => void} */
    zoomAt(factor, x = (scene.left + scene.width) / 2) {
      show(zoomed(scene.view, factor, momentAt(scene, Math.max(x, scene.left)), whole));
    },
    glideBy(/** @type {number} */ factor) {
      glide.to(zoomed(scene.view, factor, anchorOf(scene.view, scene.pointed), whole));
    },
    showAll: () => glide.to(whole),
    /** The time that is shown, as far as there is something to show. */
    shown: () => within(scene.view, data),
  };
}

/** @typedef {ReturnType<typeof createChart>} Chart */
