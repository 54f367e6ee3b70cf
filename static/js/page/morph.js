/**
 * The swap style "morph": the nodes on the page stay and take over what differs, so that a page that refreshes itself
 * keeps its focus, its scroll positions, what is being typed and its pictures.
 */

import { htmx } from "./htmx.js";

export function startMorphing() {
  htmx.defineExtension("morph", {
    isInlineSwap: (/** @type {string} */ style) => style === "morph",
    handleSwap(
      /** @type {string} */ style,
      /** @type {Element} */ target,
      /** @type {ParentNode} */ fragment,
    ) {
      if (style !== "morph" || !fragment.firstElementChild) return false;
      return [morph(target, fragment.firstElementChild)];
    },
  });
}

/**
 * Elements with an id are recognised by it, others by their place.
 * @param {Element} from
 * @param {Element} to
 * @returns {Element} what stands on the page now
 */
export function morph(from, to) {
  if (from.nodeName !== to.nodeName) {
    from.replaceWith(to);
    return to;
  }
  if (from.isEqualNode(to)) return from;
  takeAttributes(from, to);
  // What a clock shows is its own business.
  if (!from.hasAttribute("data-clock")) takeChildren(from, to);
  return from;
}

/**
 * @param {Element} from
 * @param {Element} to
 */
function takeAttributes(from, to) {
  for (const { name } of [...from.attributes]) {
    // A person unfolds details.
    if (!to.hasAttribute(name) && name !== "open") from.removeAttribute(name);
  }
  for (const { name, value } of to.attributes) {
    if (from.getAttribute(name) === value) continue;
    from.setAttribute(name, value);
    if (name === "value" && from !== document.activeElement) Object.assign(from, { value });
  }
}

/**
 * @param {Element} from
 * @param {Element} to
 */
function takeChildren(from, to) {
  /** @type {ChildNode | null} */
  let spot = from.firstChild;
  for (const child of [...to.childNodes]) {
    const match = counterpart(from, spot, child);
    if (match && match === spot) spot = spot.nextSibling;
    else from.insertBefore(match ?? child, spot);
    if (match) takeNode(match, child);
  }
  while (spot) {
    const next = spot.nextSibling;
    spot.remove();
    spot = next;
  }
}

/**
 * @param {Element} parent
 * @param {ChildNode | null} spot
 * @param {ChildNode} child
 * @returns {ChildNode | null}
 */
function counterpart(parent, spot, child) {
  if (child instanceof Element && child.id) {
    return (
      [...parent.children].find(({ id, nodeName }) => id === child.id && nodeName === child.nodeName) ?? null
    );
  }
  const alike = spot?.nodeName === child.nodeName && !(spot instanceof Element && spot.id);
  return alike ? spot : null;
}

/**
 * @param {ChildNode} from
 * @param {ChildNode} to
 */
function takeNode(from, to) {
  if (from instanceof Element && to instanceof Element) morph(from, to);
  else if (from.nodeValue !== to.nodeValue) from.nodeValue = to.nodeValue;
}
