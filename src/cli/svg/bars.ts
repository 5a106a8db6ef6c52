/** Stretches of a life as bars of an SVG, told apart by pattern as well as by colour. */

import { segmentLooks } from '../../gantt/looks.mjs';
import { escapeMarkup } from '../html/escape.ts';

/** Where a bar stands, in the units of the picture. */
export interface BarPlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What is narrower than this would not be seen. */
const widthMin = 1.5;

/** The definitions that the bars of these kinds refer to. */
export function patterns(kinds: readonly string[]): string {
  return kinds.flatMap((kind) => patternOf(kind) ?? []).join('');
}

/** The bar of a stretch; its words are shown to whoever rests on it. */
export function bar(kind: string, place: BarPlace, words: string): string {
  const look = segmentLooks[kind];
  const colour = look?.light ?? '#888888';
  const { x, y, height } = place;
  const width = Math.max(widthMin, place.width);
  const title = `<title>${escapeMarkup(words)}</title>`;
  if (look?.pattern === 'thin') {
    const middle = y + height / 2;
    return `<path d="M${x} ${middle}h${width}" stroke="${colour}" stroke-width="2">${title}</path>`;
  }
  const box = `x="${x}" y="${y}" width="${width}" height="${height}" rx="2"`;
  return `<rect ${box} ${paint(kind, look?.pattern, colour)}>${title}</rect>`;
}

function paint(kind: string, pattern: string | undefined, colour: string): string {
  if (pattern === 'dashed') return `fill="#ffffff" stroke="${colour}" stroke-dasharray="4 3"`;
  if (pattern === 'dotted') return `fill="#ffffff" stroke="${colour}" stroke-dasharray="1 3"`;
  if (pattern === 'solid') return `fill="${colour}"`;
  return `fill="url(#bar-${kind})" stroke="${colour}"`;
}

function patternOf(kind: string): string | undefined {
  const { pattern, light } = segmentLooks[kind] ?? {};
  const lines = pattern === undefined ? undefined : strokes[pattern];
  if (lines === undefined) return undefined;
  return (
    `<pattern id="bar-${kind}" width="8" height="8" patternUnits="userSpaceOnUse">` +
    `<rect width="8" height="8" fill="${light}" fill-opacity="0.25"/>` +
    `<path d="${lines}" stroke="${light}" stroke-width="2" fill="none"/></pattern>`
  );
}

/** What fills a square of 8 so that it can be repeated. */
const strokes: Readonly<Record<string, string>> = {
  hatched: 'M-2 2 2-2M0 8 8 0M6 10 10 6',
  crossed: 'M0 0 8 8M8 0 0 8',
  striped: 'M2 0V8M6 0V8',
};
