/** The few things that every part of the viewer does to the document. */

/**
 * The one element of the template that is marked `data-part="name"`.
 * @param {ParentNode} root
 * @param {string} name
 * @returns {any}
 */
export function part(root, name) {
  const found = root.querySelector(`[data-part="${name}"]`);
  if (!found) throw new Error(`the viewer's template has no part "${name}"`);
  return found;
}

/**
 * Adds the handlers and returns what removes them again.
 * @param {EventTarget} target
 * @param {Record<string, (event: any) => void>} handlers
 * @param {AddEventListenerOptions} [options]
 * @returns {() => void}
 */
export function listen(target, handlers, options) {
  const entries = Object.entries(handlers);
  for (const [type, handler] of entries) target.addEventListener(type, handler, options);
  return () => {
    for (const [type, handler] of entries) target.removeEventListener(type, handler, options);
  };
}

/**
 * Writes only what differs, so that an unchanged text costs no layout and is not announced again.
 * @param {Node} element
 * @param {string} words
 */
export function write(element, words) {
  if (element.textContent !== words) element.textContent = words;
}
