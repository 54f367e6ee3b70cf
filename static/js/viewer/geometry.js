/** Where a point of the window lies in the remote page, and a box of the page in the window; pure. */

/** @typedef {import("./wire.js").Point} Point */
/** @typedef {{left: number, top: number, width: number, height: number}} Box */
/** @typedef {{width: number, height: number}} Size */

export const SIDE_MIN = 100;
export const SIDE_MAX = 4096;
const EDGE_PX = 4;

/**
 * The page's CSS pixel under a point of the window, to a hundredth.
 * @param {{clientX: number, clientY: number}} at
 * @param {Box} picture where the picture lies in the window
 * @param {Size} viewport the page's, in CSS pixels
 * @returns {Point}
 */
export function toPage(at, picture, viewport) {
  return {
    x: scaled(at.clientX - picture.left, picture.width, viewport.width),
    y: scaled(at.clientY - picture.top, picture.height, viewport.height),
  };
}

/**
 * The nearest point inside the page.
 * @param {Point} point
 * @param {Size} viewport
 * @returns {Point}
 */
export function clamped(point, viewport) {
  return {
    x: between(point.x, 0, viewport.width - 1),
    y: between(point.y, 0, viewport.height - 1),
  };
}

/**
 * Where a box of the page lies beside its picture.
 * @param {Box} box in the page's CSS pixels
 * @param {Box} picture
 * @param {Size} viewport
 * @returns {Box}
 */
export function fromPage(box, picture, viewport) {
  const across = picture.width / viewport.width;
  const down = picture.height / viewport.height;
  return {
    left: picture.left + box.left * across,
    top: picture.top + box.top * down,
    width: box.width * across,
    height: box.height * down,
  };
}

/**
 * Where a list goes that hangs below a box, or above it when there is more room; wholly on the stage.
 * @param {Box} box on the stage
 * @param {Size} stage
 * @param {Size} list as large as it would like to be
 * @returns {{left: number, top: number, height: number}}
 */
export function placed(box, stage, list) {
  const top = between(box.top, 0, stage.height);
  const bottom = between(box.top + box.height, 0, stage.height);
  const below = stage.height - bottom - EDGE_PX;
  const above = top - EDGE_PX;
  const over = list.height > below && above > below;
  const height = Math.min(list.height, Math.max(over ? above : below, 0));
  return {
    left: between(box.left, EDGE_PX, stage.width - list.width - EDGE_PX),
    top: over ? top - height : bottom,
    height,
  };
}

/**
 * @param {number} value
 * @param {number} least wins over `most`
 * @param {number} most
 */
export const between = (value, least, most) => Math.max(least, Math.min(value, most));

/**
 * The viewport that fills a stage, within what the server takes.
 * @param {Size} stage
 * @returns {Size}
 */
export function viewportFor(stage) {
  return { width: side(stage.width), height: side(stage.height) };
}

/**
 * @param {number} offset
 * @param {number} shown
 * @param {number} real
 */
function scaled(offset, shown, real) {
  return shown > 0 ? Math.round((offset * real * 100) / shown) / 100 : 0;
}

/** @param {number} length */
function side(length) {
  return between(Math.floor(length), SIDE_MIN, SIDE_MAX);
}
