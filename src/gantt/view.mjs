// @ts-check
/** The stretch of time that is shown, and how it moves. */

/** @typedef {{ readonly fromAtMs: number, readonly toAtMs: number }} Span UTC ms */

/** Nobody needs to look closer than this, in ms. */
const narrowestMs = 5;

/**
 * All of a span, with a little air around it.
 *
 * @param {Span} whole
 * @returns {Span}
 */
export function around({ fromAtMs, toAtMs }) {
  const airMs = Math.max((toAtMs - fromAtMs) * 0.02, narrowestMs);
  return { fromAtMs: fromAtMs - airMs, toAtMs: toAtMs + airMs };
}

/**
 * The part of a view in which there is something.
 *
 * @param {Span} view
 * @param {Span} whole
 * @returns {Span}
 */
export function within(view, { fromAtMs, toAtMs }) {
  const from = Math.min(Math.max(view.fromAtMs, fromAtMs), toAtMs - 1);
  return { fromAtMs: from, toAtMs: Math.max(from + 1, Math.min(view.toAtMs, toAtMs)) };
}

/**
 * What stays where it is when nobody points at a place: what was chosen, if it is in sight.
 *
 * @param {Span} view
 * @param {unknown} pointed a bar or a mark, or nothing
 */
export function anchorOf({ fromAtMs, toAtMs }, pointed) {
  const { atMs, fromAtMs: beginsAtMs } = /** @type {any} */ (pointed ?? {});
  const moment = atMs ?? beginsAtMs;
  return moment >= fromAtMs && moment <= toAtMs ? moment : (fromAtMs + toAtMs) / 2;
}

/**
 * Wider (factor above 1) or narrower, with the moment of the anchor staying where it is.
 *
 * @param {Span} view
 * @param {number} factor
 * @param {number} anchorAtMs
 * @param {Span} whole
 * @returns {Span}
 */
export function zoomed(view, factor, anchorAtMs, whole) {
  const widthMs = view.toAtMs - view.fromAtMs;
  const widestMs = Math.max((whole.toAtMs - whole.fromAtMs) * 1.2, narrowestMs * 4);
  const nextMs = Math.min(Math.max(widthMs * factor, narrowestMs), widestMs);
  const fromAtMs = anchorAtMs - ((anchorAtMs - view.fromAtMs) / widthMs) * nextMs;
  return held({ fromAtMs, toAtMs: fromAtMs + nextMs }, whole);
}

/**
 * Later (or earlier), as far as there is something to see.
 *
 * @param {Span} view
 * @param {number} byMs
 * @param {Span} whole
 * @returns {Span}
 */
export function panned({ fromAtMs, toAtMs }, byMs, whole) {
  return held({ fromAtMs: fromAtMs + byMs, toAtMs: toAtMs + byMs }, whole);
}

/**
 * The view when there is more to see: a view of everything stays one, and one that reaches to the
 * end goes on with it.
 *
 * @param {Span} view
 * @param {Span} before all there was to see
 * @param {Span} whole
 * @returns {Span}
 */
export function followed(view, before, whole) {
  if (view.fromAtMs === before.fromAtMs && view.toAtMs === before.toAtMs) return whole;
  return view.toAtMs < before.toAtMs ? view : panned(view, whole.toAtMs - view.toAtMs, whole);
}

/**
 * A view on its way from one to another; `share` from 0 to 1.
 *
 * @param {Span} from
 * @param {Span} to
 * @param {number} share
 * @returns {Span}
 */
export function between(from, to, share) {
  const eased = 1 - (1 - share) ** 3;
  const mix = (/** @type {number} */ a, /** @type {number} */ b) => a + (b - a) * eased;
  return { fromAtMs: mix(from.fromAtMs, to.fromAtMs), toAtMs: mix(from.toAtMs, to.toAtMs) };
}

/**
 * The middle of a view never leaves what there is to see.
 *
 * @param {Span} view
 * @param {Span} whole
 * @returns {Span}
 */
function held({ fromAtMs, toAtMs }, whole) {
  const middle = (fromAtMs + toAtMs) / 2;
  const byMs = Math.min(Math.max(middle, whole.fromAtMs), whole.toAtMs) - middle;
  return { fromAtMs: fromAtMs + byMs, toAtMs: toAtMs + byMs };
}
