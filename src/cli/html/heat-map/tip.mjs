// @ts-check
/** What a cell tells, beside it, while it is pointed at or focused. */

/**
 * Takes the element that shows it.
 *
 * @param {any} element
 */
export function createTip(element) {
  const document = element.ownerDocument;

  /**
   * @param {{ name: string, facts: readonly (readonly [string, string])[] }} cell
   * @param {any} beside
   */
  function show({ name, facts }, beside) {
    const lines = facts.flatMap(([word, text]) => [line('dt', word), line('dd', text)]);
    const list = document.createElement('dl');
    list.append(...lines);
    element.replaceChildren(line('strong', name), list);
    element.hidden = false;
    place(beside.getBoundingClientRect());
  }

  /**
   * @param {string} tag
   * @param {string} text
   */
  function line(tag, text) {
    const made = document.createElement(tag);
    made.textContent = text;
    return made;
  }

  /**
   * Below the cell, or above it where there is no room; never beyond the window.
   *
   * @param {{ left: number, top: number, bottom: number }} cell
   */
  function place({ left, top, bottom }) {
    const { clientWidth, clientHeight } = document.documentElement;
    const { offsetWidth, offsetHeight } = element;
    const isRoomBelow = bottom + offsetHeight + gap < clientHeight;
    const y = isRoomBelow ? bottom + gap : Math.max(gap, top - offsetHeight - gap);
    element.style.left = `${Math.max(gap, Math.min(left, clientWidth - offsetWidth - gap))}px`;
    element.style.top = `${y}px`;
  }

  function hide() {
    element.hidden = true;
  }

  return { show, hide };
}

/** Pixels between a cell and its tip. */
const gap = 8;
