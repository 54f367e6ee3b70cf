/** Where a point of the window lies in the remote page; pure. */

/** @typedef {import("./wire.js").Point} Point */
/** @typedef {{left: number, top: number, width: number, height: number}} Box */
/** @typedef {{width: number, height: number}} Size */

export const SIDE_MIN = 100;
export const SIDE_MAX = 4096;

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
    x: Math.min(Math.max(point.x, 0), viewport.width - 1),
    y: Math.min(Math.max(point.y, 0), viewport.height - 1),
  };
}

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
  return Math.min(Math.max(Math.floor(length), SIDE_MIN), SIDE_MAX);
}
