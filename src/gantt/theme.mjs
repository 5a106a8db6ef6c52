// @ts-check
/** Colours of the chart by day and by night, and the patterns that fill its bars. */
import { browser, make } from './browser.mjs';
import { markLooks, segmentLooks } from './looks.mjs';

/** @typedef {'light' | 'dark'} Hour */

/** What is neither a stretch nor a mark. */
const grounds = {
  light: {
    ink: '#1f2933',
    faint: '#5b6672',
    grid: '#e7ebef',
    ground: '#ffffff',
    stripe: '#f7f9fb',
    focus: '#dbeafe',
    now: '#d9600f',
    onBar: '#ffffff',
  },
  dark: {
    ink: '#e3e8ee',
    faint: '#93a0ae',
    grid: '#2a313a',
    ground: '#14181d',
    stripe: '#181d23',
    focus: '#1d3048',
    now: '#f08a3c',
    onBar: '#ffffff',
  },
};

/** Side of the square that a pattern repeats, in CSS pixels. */
const tile = 8;

/** What is drawn into that square. */
const strokes = {
  hatched: 'M-2 2 2-2M0 8 8 0M6 10 10 6',
  crossed: 'M0 0 8 8M8 0 0 8',
  striped: 'M2 0V8M6 0V8',
};

/**
 * What to paint with at this hour; `scale` is the number of device pixels in one of CSS.
 *
 * @param {Hour} hour
 * @param {number} scale
 */
export function createTheme(hour, scale) {
  /** @type {Map<string, any>} */
  const fills = new Map();
  /** @type {Map<string, any>} */
  const stamps = new Map();
  return {
    ...grounds[hour],
    colourOf: (/** @type {string} */ kind) => segmentLooks[kind]?.[hour] ?? grounds[hour].faint,
    markColour: (/** @type {string} */ kind) => markLooks[kind]?.[hour] ?? grounds[hour].faint,
    /** A mark in the middle of a square of `stampSize`. */
    stampOf(/** @type {string} */ kind) {
      const known = stamps.get(kind) ?? stampOf(kind, hour, scale);
      stamps.set(kind, known);
      return known;
    },
    /** @type {(context: any, kind: string) => any} */
    fillOf(context, kind) {
      const known = fills.get(kind) ?? fillOf(context, kind, hour, scale);
      fills.set(kind, known);
      return known;
    },
  };
}

/** @typedef {ReturnType<typeof createTheme>} Theme */

/** Side of the square that a mark is drawn into, in CSS pixels. */
export const stampSize = 18;

/**
 * A mark with a seam of the ground around it, drawn once: paths are slow, and marks are many.
 *
 * @param {string} kind
 * @param {Hour} hour
 * @param {number} scale
 */
function stampOf(kind, hour, scale) {
  const { shape = '', [hour]: colour = '#888888' } = markLooks[kind] ?? {};
  const path = new browser.Path2D(shape);
  const { canvas, square } = blank(stampSize, scale);
  square.translate(stampSize / 2, stampSize / 2);
  square.scale(0.85, 0.85);
  square.lineWidth = 3;
  square.lineJoin = 'round';
  square.strokeStyle = grounds[hour].ground;
  square.stroke(path);
  square.fillStyle = colour;
  square.fill(path, 'evenodd');
  return canvas;
}

/**
 * A square to draw into.
 *
 * @param {number} size
 * @param {number} scale
 */
function blank(size, scale) {
  const canvas = make('canvas');
  canvas.width = Math.ceil(size * scale);
  canvas.height = Math.ceil(size * scale);
  const square = canvas.getContext('2d');
  square.scale(scale, scale);
  return { canvas, square };
}

/**
 * A colour or a pattern.
 *
 * @param {any} context
 * @param {string} kind
 * @param {Hour} hour
 * @param {number} scale
 */
function fillOf(context, kind, hour, scale) {
  const { pattern = 'solid', [hour]: colour = '#888888' } = segmentLooks[kind] ?? {};
  if (pattern === 'solid' || pattern === 'thin') return colour;
  if (pattern === 'dashed' || pattern === 'dotted') return grounds[hour].ground;
  const lines = new browser.Path2D(strokes[pattern]);
  const { canvas, square } = blank(tile, scale);
  square.fillStyle = grounds[hour].ground;
  square.fillRect(0, 0, tile, tile);
  square.globalAlpha = 0.28;
  square.fillStyle = colour;
  square.fillRect(0, 0, tile, tile);
  square.globalAlpha = 1;
  square.lineWidth = 2;
  square.strokeStyle = colour;
  square.stroke(lines);
  const filled = context.createPattern(canvas, 'repeat');
  filled.setTransform(new browser.DOMMatrix().scale(1 / scale));
  return filled;
}
