// @ts-check
/**
 * How stretches and marks look, on pages and in pictures. A kind is told by its pattern or its
 * shape as well as by its colour; colours keep apart for eyes that mix up red and green.
 */

/**
 * `solid`, `hatched` and so on fill the bar; `dashed` and `dotted` are outlines; `thin` is a line.
 *
 * @typedef {'solid' | 'hatched' | 'crossed' | 'striped' | 'dashed' | 'dotted' | 'thin'} Pattern
 * @typedef {{ word: string, pattern: Pattern, light: string, dark: string }} SegmentLook
 * @typedef {{ word: string, shape: string, light: string, dark: string }} MarkLook
 */

/**
 * By kind of stretch, in the order of a life.
 *
 * @type {Readonly<Record<string, SegmentLook>>}
 */
export const segmentLooks = {
  triage: { word: 'triage', pattern: 'dotted', light: '#8a8f98', dark: '#8d949e' },
  waiting: { word: 'waiting for a parent', pattern: 'dashed', light: '#7c8796', dark: '#8f9baa' },
  scheduled: { word: 'held until a time', pattern: 'dashed', light: '#9a6fb8', dark: '#b892d6' },
  ready: { word: 'ready, nobody at work', pattern: 'solid', light: '#eddcae', dark: '#54482a' },
  launching: { word: 'launching', pattern: 'striped', light: '#5fa8d3', dark: '#4a90bd' },
  running: { word: 'running', pattern: 'solid', light: '#2878b5', dark: '#2f7fc4' },
  suspect: { word: 'suspect: lease over', pattern: 'hatched', light: '#d9600f', dark: '#f08a3c' },
  review: { word: 'in review', pattern: 'striped', light: '#8752b5', dark: '#a877d4' },
  blocked: { word: 'blocked', pattern: 'crossed', light: '#a8326f', dark: '#d8649f' },
  halted: { word: 'halted by the breaker', pattern: 'crossed', light: '#b3261e', dark: '#e5534b' },
  done: { word: 'done', pattern: 'thin', light: '#3f8f5a', dark: '#57b37a' },
  archived: { word: 'archived', pattern: 'thin', light: '#a7adb5', dark: '#5d646d' },
  tombstoned: { word: 'removed', pattern: 'thin', light: '#a7adb5', dark: '#5d646d' },
};

/**
 * By kind of mark; a shape is an SVG path around 0 0, in a box of 12.
 *
 * @type {Readonly<Record<string, MarkLook>>}
 */
export const markLooks = {
  reclaim: {
    word: 'reclaimed',
    shape: 'M0-6 6 0 0 6-6 0Z',
    light: '#c2410c',
    dark: '#fb923c',
  },
  failure: {
    word: 'failed',
    shape: 'M-5-3-3-5 0-2 3-5 5-3 2 0 5 3 3 5 0 2-3 5-5 3-2 0Z',
    light: '#b3261e',
    dark: '#f2695f',
  },
  halt: {
    word: 'halted',
    shape: 'M-2.5-6H2.5L6-2.5V2.5L2.5 6H-2.5L-6 2.5V-2.5Z',
    light: '#8c1d18',
    dark: '#ff8a80',
  },
  refusal: {
    word: 'stale write refused',
    shape: 'M0-6A6 6 0 1 1 0 6 6 6 0 1 1 0-6ZM-3.5-1.2V1.2H3.5V-1.2Z',
    light: '#7a1fa2',
    dark: '#ce93d8',
  },
  extension: {
    word: 'seen alive, lease extended',
    shape: 'M-6-3.5 0 0-6 3.5ZM0-3.5 6 0 0 3.5Z',
    light: '#2e7d4f',
    dark: '#6fcf97',
  },
  hold: {
    word: 'at a limit, held',
    shape: 'M-4.5-5.5H-1V5.5H-4.5ZM1-5.5H4.5V5.5H1Z',
    light: '#8a6d00',
    dark: '#e3b341',
  },
  human: {
    word: 'a person',
    shape: 'M0-6A2.8 2.8 0 1 1 0-.4 2.8 2.8 0 1 1 0-6ZM-5.5 6C-5.5-.6 5.5-.6 5.5 6Z',
    light: '#0b6e6e',
    dark: '#4fd1c5',
  },
  policy: {
    word: 'rules changed, paused, resumed',
    shape: 'M-4.5-6H5L2.6-2.8 5 .4H-2.8V6H-4.5Z',
    light: '#3949ab',
    dark: '#9fa8da',
  },
  dispatcher: {
    word: 'dispatcher came or went',
    shape: 'M-5-5H5V5H-5ZM-2.6-2.6V2.6H2.6V-2.6Z',
    light: '#55606e',
    dark: '#aab4c0',
  },
};
