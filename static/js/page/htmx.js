/** htmx, which the page loads as a plain script before its modules. */

/** @type {{defineExtension: (name: string, extension: object) => void, trigger: (element: Element, event: string) => void}} */
export const htmx = /** @type {any} */ (globalThis).htmx;

/**
 * Listens for one of htmx's events anywhere on the page.
 * @param {string} name
 * @param {(event: CustomEvent) => void} handle
 */
export function on(name, handle) {
  document.addEventListener(`htmx:${name}`, (event) => handle(/** @type {CustomEvent} */ (event)));
}
