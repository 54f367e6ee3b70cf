/** Keys that act anywhere on a page: `data-shortcut` names the key of a field to enter or a link to follow. */

export function startShortcuts() {
  document.addEventListener("keydown", (event) => {
    const element = isFree(event) && document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]`);
    if (!(element instanceof HTMLElement)) return;
    event.preventDefault();
    if (element instanceof HTMLInputElement) element.select();
    else element.click();
  });
}

/**
 * Whether the key means nothing else where it was pressed.
 * @param {{altKey: boolean, ctrlKey: boolean, metaKey: boolean, repeat: boolean, isComposing: boolean, target: EventTarget | null}} event
 */
export function isFree({ altKey, ctrlKey, metaKey, repeat, isComposing, target }) {
  if (altKey || ctrlKey || metaKey || repeat || isComposing) return false;
  const place = /** @type {Element | null} */ (target);
  return !place?.closest("input, textarea, select, [contenteditable], dialog[open], [data-viewer]");
}
