/** How wide the drawer is: as it was left in this browser, with room for the board beside it. */

/** Narrower, its fields cannot be read; px. */
export const widthMin = 340;
/** Room that is left for the board, px. */
const boardPxMin = 300;
/** One press of an arrow key, px. */
export const stepPx = 24;

const key = 'logboard-drawer-px';

/** The widest that a window of this width allows, px. */
export function widthMax(windowPx: number): number {
  return Math.max(widthMin, windowPx - boardPxMin);
}

/** The page's own choice, as the styles have it, px. */
export function usualWidth(windowPx: number): number {
  return allowed(Math.min(520, windowPx * 0.44), windowPx);
}

/** A width that is allowed in a window, px. */
export function allowed(px: number, windowPx: number): number {
  return Math.round(Math.min(widthMax(windowPx), Math.max(widthMin, px)));
}

/** The width that was chosen here, px; undefined when none was. */
export function chosenWidth(): number | undefined {
  const px = Number(localStorage.getItem(key));
  return Number.isFinite(px) && px >= widthMin ? px : undefined;
}

/** Remembers a width; undefined is the page's own. */
export function chooseWidth(px: number | undefined): void {
  if (px === undefined) localStorage.removeItem(key);
  else localStorage.setItem(key, `${px}`);
}
