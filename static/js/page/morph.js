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
  // What is to be kept is somebody's own altogether, such as a picture that came by a socket.
  if (from.isEqualNode(to) || from.hasAttribute("data-keep")) return from;
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
    if (from.getAttribute(name) !== value && !isOwn(from, name)) takeAttribute(from, name, value);
  }
}

/**
 * A clock says its moment in the person's zone.
 * @param {Element} element
 * @param {string} attribute
 */
const isOwn = (element, attribute) => attribute === "title" && element.hasAttribute("data-clock");

/**
 * @param {Element} element
 * @param {string} name
 * @param {string} value
 */
function takeAttribute(element, name, value) {
  element.setAttribute(name, value);
  if (name === "value" && element !== document.activeElement) Object.assign(element, { value });
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
    spot = cleared(spot, match, to);
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
 * What moves loses its scroll positions: so what stands before it and is nowhere any more goes first.
 * @param {ChildNode | null} spot
 * @param {ChildNode | null} match
 * @param {Element} to
 * @returns {ChildNode | null}
 */
function cleared(spot, match, to) {
  if (!match || match === spot) return spot;
  /** @type {ChildNode[]} */
  const before = [];
  let node = spot;
  for (; node && node !== match; node = node.nextSibling) before.push(node);
  const ids = new Set([...to.children].map(({ id }) => id));
  if (!node || !before.every((one) => isOver(one, ids))) return spot;
  for (const one of before) one.remove();
  return match;
}

/**
 * @param {ChildNode} node
 * @param {Set<string>} ids
 */
function isOver(node, ids) {
  if (node instanceof Element) return node.id !== "" && !ids.has(node.id);
  return !node.nodeValue?.trim();
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
