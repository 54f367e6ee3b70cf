/** The live socket's messages, as docs/wire.md has them: frames out of bytes, inputs into objects; pure. */

/**
 * @typedef {object} Frame
 * @property {number} format 1 JPEG, 2 PNG
 * @property {number} seq
 * @property {number} inputSeq
 * @property {number} capturedAt unix seconds
 * @property {number} width
 * @property {number} height
 * @property {number} tab
 * @property {number} flags
 * @property {Uint8Array<ArrayBuffer>} picture a view into the message, not a copy
 * @property {number} bytes length of the whole message
 */

/**
 * What the server says in JSON. Fields depend on `type`.
 * @typedef {{type: string, [field: string]: any}} Message
 */

/** @typedef {{width: number, height: number, device_scale_factor: number}} Viewport */
/** @typedef {{kind: "person"|"program", name: string, viewer: string|null, you: boolean}} Holder */
/** @typedef {{id: number, url: string, title: string, loading: boolean, crashed: boolean}} Tab */
/** @typedef {{x: number, y: number}} Point */
/** @typedef {{altKey: boolean, ctrlKey: boolean, metaKey: boolean, shiftKey: boolean}} ModifierKeys */

const HEADER_BYTES = 32;
const MAGIC = 0x4651; // "QF", read little-endian
const VERSION = 1;

/** @type {Readonly<Record<number, string>>} */
export const MEDIA_TYPES = { 1: "image/jpeg", 2: "image/png" };

/** The wire's name of a DOM `event.button`. */
export const BUTTONS = Object.freeze(["left", "middle", "right", "back", "forward"]);

/** The bit of a DOM `event.button` in `event.buttons`. */
export const BUTTON_BITS = Object.freeze([1, 4, 2, 8, 16]);

/**
 * @param {ArrayBuffer} message
 * @returns {Frame | null} null when the bytes are no frame of this protocol
 */
export function parseFrame(message) {
  if (message.byteLength < HEADER_BYTES) return null;
  const view = new DataView(message);
  if (view.getUint16(0, true) !== MAGIC || view.getUint8(2) !== VERSION) return null;
  return {
    format: view.getUint8(3),
    seq: view.getUint32(4, true),
    inputSeq: view.getUint32(8, true),
    capturedAt: view.getFloat64(12, true),
    width: view.getUint16(20, true),
    height: view.getUint16(22, true),
    tab: view.getUint32(24, true),
    flags: view.getUint16(28, true),
    picture: new Uint8Array(message, HEADER_BYTES),
    bytes: message.byteLength,
  };
}

/**
 * @param {string} text
 * @returns {Message | null} null when it is not an object with a type
 */
export function parseMessage(text) {
  try {
    const message = JSON.parse(text);
    return typeof message?.type === "string" ? message : null;
  } catch {
    return null;
  }
}

/** @param {ModifierKeys} event */
export function modifiersOf(event) {
  return (
    (event.altKey ? 1 : 0) | (event.ctrlKey ? 2 : 0) | (event.metaKey ? 4 : 0) | (event.shiftKey ? 8 : 0)
  );
}

/** @param {number} seq */
export const ack = (seq) => ({ type: "ack", seq });

/** @param {{paused?: boolean, max_fps?: number | null, fit?: import("./geometry.js").Size | null, video?: string[]}} fields */
export const settings = (fields) => ({ type: "settings", ...fields });

/**
 * @param {"move"|"down"|"up"} action
 * @param {Point} point
 * @param {{button?: string, buttons?: number, clicks?: number, modifiers?: number}} [more]
 */
export const mouse = (action, point, { button = "none", buttons = 0, clicks = 0, modifiers = 0 } = {}) => ({
  type: "mouse",
  action,
  x: point.x,
  y: point.y,
  button,
  buttons,
  click_count: clicks,
  modifiers,
});

/**
 * @param {Point} point
 * @param {{dx: number, dy: number}} delta
 * @param {number} modifiers
 */
export const wheel = (point, { dx, dy }, modifiers) => ({
  type: "wheel",
  x: point.x,
  y: point.y,
  dx,
  dy,
  modifiers,
});

/**
 * @param {"down"|"up"} action
 * @param {{key: string, code: string}} which
 * @param {{text?: string, modifiers?: number, repeat?: boolean}} [more]
 */
export const key = (action, which, { text = "", modifiers = 0, repeat = false } = {}) => ({
  type: "key",
  action,
  key: which.key,
  code: which.code,
  ...(text && { text }),
  modifiers,
  ...(repeat && { repeat }),
});

/** @param {string} typed */
export const text = (typed) => ({ type: "text", text: typed });

/** @param {string} unfinished */
export const composition = (unfinished) => ({
  type: "composition",
  text: unfinished,
  selection_start: unfinished.length,
  selection_end: unfinished.length,
});

/**
 * @param {"start"|"move"|"end"|"cancel"} action
 * @param {({id: number} & Point)[]} points
 * @param {number} modifiers
 */
export const touch = (action, points, modifiers) => ({ type: "touch", action, points, modifiers });

/** @param {{url: string} | {action: "back"|"forward"|"reload"|"stop"}} where */
export const navigate = (where) => ({ type: "navigate", ...where });

/**
 * @param {number} width
 * @param {number} height
 */
export const resize = (width, height) => ({ type: "resize", width, height });

/** @param {{action: "new", url?: string} | {action: "activate"|"close", tab: number}} which */
export const tab = (which) => ({ type: "tab", ...which });

/**
 * @param {number} id
 * @param {boolean} accept
 * @param {string} [typed] a prompt's answer
 */
export const dialog = (id, accept, typed) => ({
  type: "dialog",
  id,
  accept,
  ...(typed !== undefined && { text: typed }),
});

/**
 * @param {number} id
 * @param {number | null} index the option to choose, null to choose none
 */
export const select = (id, index) => ({ type: "select", id, index });

/** What becomes of a page's wish for files. */
export const file = Object.freeze({
  /** @param {number} id @param {string[]} names */
  choose: (id, names) => ({ type: "file", id, action: "choose", names }),
  /**
   * A piece of one, in base64.
   * @param {number} id
   * @param {string} name
   * @param {string} data
   * @param {boolean} last
   */
  upload: (id, name, data, last) => ({ type: "file", id, action: "upload", name, data, last }),
  /** @param {number} id */
  cancel: (id) => ({ type: "file", id, action: "cancel" }),
});

/** @param {{action: "take", force?: true} | {action: "release"|"request"} | {action: "grant"|"deny", viewer: string}} what */
export const control = (what) => ({ type: "control", ...what });
