// @ts-check
/** The chart: what is shown of the rows, drawn at most once a frame when something changed. */
import { browser } from './browser.mjs';
import { barAt, signAt } from './hit.mjs';
import {
  paintAxis,
  paintBoardSigns,
  paintBrush,
  paintGrid,
  paintNow,
  paintScrollBar,
} from './paint-axis.mjs';
import { measures, paintGrounds, paintRows } from './paint-rows.mjs';
import { createTheme } from './theme.mjs';
import { around, between, panned, zoomed } from './view.mjs';

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

/** How long a step of the zoom takes where motion is welcome, in ms. */
const glideMs = 160;
/** How far beside something one may point at it, in pixels. */
const slack = 5;

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
  const still = browser.matchMedia('(prefers-reduced-motion: reduce)');
  let data = first;
  let whole = around(data);
  /** @type {import('./paint-rows.mjs').Scene} */
  const scene = {
    ...{ context, theme: createTheme('light', 1), width: 0, height: 0, left: 0, view: whole },
    ...{ rows: [], scrollTop: 0, chosen: -1, pointed: undefined, isByWorker: false },
    brush: undefined,
  };
  let isDue = false;
  let glide = 0;

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
    browser.cancelAnimationFrame(glide);
    scene.view = view;
    redraw();
  }

  /** @param {import('./view.mjs').Span} target */
  function glideTo(target) {
    if (still.matches) return show(target);
    browser.cancelAnimationFrame(glide);
    const [from, startMs] = [scene.view, browser.performance.now()];
    const step = () => {
      const share = Math.min(1, (browser.performance.now() - startMs) / glideMs);
      scene.view = share === 1 ? target : between(from, target, share);
      paint();
      if (share < 1) glide = browser.requestAnimationFrame(step);
    };
    glide = browser.requestAnimationFrame(step);
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

  /** @param {number} x */
  function momentAt(x) {
    const { view, left, width } = scene;
    return view.fromAtMs + ((x - left) / (width - left)) * (view.toAtMs - view.fromAtMs);
  }

  /**
   * What is at a point of the canvas.
   *
   * @param {number} x
   * @param {number} y
   */
  function whatIsAt(x, y) {
    const atMs = momentAt(x);
    const slackMs = momentAt(x + slack) - atMs;
    if (y < measures.axis) {
      return { sign: signAt({ ...noRow, signs: data.signs }, atMs, slackMs), index: -1 };
    }
    const index = Math.floor((y - measures.axis + scene.scrollTop) / measures.row);
    const row = scene.rows[index];
    if (row === undefined) return { index: -1 };
    if (x < scene.left) return { index };
    const sign = signAt(row, atMs, slackMs);
    return { index, sign, bar: sign === undefined ? barAt(row, atMs, slackMs) : undefined };
  }

  /**
   * Other data, such as what is known a little later. A view of everything stays one, and one that
   * reaches to the end goes on with it.
   *
   * @param {Data} next
   */
  function tell(next) {
    const before = whole;
    data = next;
    whole = around(next);
    const { fromAtMs, toAtMs } = scene.view;
    if (fromAtMs === before.fromAtMs && toAtMs === before.toAtMs) scene.view = whole;
    else if (toAtMs >= before.toAtMs) scene.view = panned(scene.view, whole.toAtMs - toAtMs, whole);
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
    momentAt,
    /** Draws anew, also after the colours were changed. */
    refresh: resize,
    close() {
      observer.disconnect();
      dark.removeEventListener('change', resize);
      browser.cancelAnimationFrame(glide);
    },
    whatIsAt,
    scrollBy: (/** @type {number} */ by) => scrollTo(scene.scrollTop + by),
    panBy(/** @type {number} */ pixels) {
      show(panned(scene.view, momentAt(pixels) - momentAt(0), whole));
    },
    /** @type {(factor: number, x?: number) => void} */
    zoomAt(factor, x = (scene.left + scene.width) / 2) {
      show(zoomed(scene.view, factor, momentAt(Math.max(x, scene.left)), whole));
    },
    glideBy(/** @type {number} */ factor) {
      const middle = (scene.view.fromAtMs + scene.view.toAtMs) / 2;
      glideTo(zoomed(scene.view, factor, middle, whole));
    },
    showAll: () => glideTo(whole),
  };
}

/** @typedef {ReturnType<typeof createChart>} Chart */

/** @type {import('./rows.mjs').Row} */
const noRow = { key: '', label: '', detail: '', bars: [], signs: [] };
