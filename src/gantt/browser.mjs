// @ts-check
/**
 * The browser, as the other modules of the page reach it. The checkout's types know Node alone, and
 * a page must not make the whole house believe in `document`.
 */

/** The window of the page. */
export const browser = /** @type {any} */ (globalThis);

/**
 * The element with an id, which the page has.
 *
 * @param {string} id
 * @returns {any}
 */
export function element(id) {
  return browser.document.getElementById(id);
}

/**
 * A new element with a text and children.
 *
 * @param {string} name
 * @param {string} [text] other people's text is safe here: it never becomes markup
 * @param {readonly unknown[]} [children]
 */
export function make(name, text = '', children = []) {
  const made = browser.document.createElement(name);
  made.textContent = text;
  made.append(...children);
  return made;
}
