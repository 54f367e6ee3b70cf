/** How large the picture is shown, so that the server sends it no larger. */

/** @typedef {import("./geometry.js").Size} Size */

const SETTLE_MS = 200;
// A ratio rounded to whole pixels must not set off the next change.
const NOTICED_PX = 2;

/**
 * @typedef {object} FitEnvironment
 * @property {new (run: () => void) => Pick<ResizeObserver, "observe" | "disconnect">} ResizeObserver
 * @property {(run: () => void, ms: number) => any} setTimeout
 * @property {(timer: any) => void} clearTimeout
 * @property {() => number} pixelRatio device pixels to a CSS pixel
 */

/** @returns {FitEnvironment} */
export const windowFit = () => ({
  ResizeObserver,
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(timer),
  pixelRatio: () => devicePixelRatio,
});

export class Fit {
  #picture;
  #changed;
  #environment;
  /** @type {Size | null} */
  #told = null;
  /** @type {Pick<ResizeObserver, "observe" | "disconnect"> | null} */
  #observer = null;
  /** @type {any} */
  #settling = null;

  /**
   * @param {Pick<HTMLElement, "clientWidth" | "clientHeight">} picture
   * @param {(size: Size) => void} changed
   * @param {FitEnvironment} environment
   */
  constructor(picture, changed, environment) {
    this.#picture = picture;
    this.#changed = changed;
    this.#environment = environment;
  }

  start() {
    if (this.#observer) return;
    this.#observer = new this.#environment.ResizeObserver(this.#resized);
    this.#observer.observe(/** @type {HTMLElement} */ (this.#picture));
  }

  stop() {
    this.#observer?.disconnect();
    this.#observer = null;
    this.#environment.clearTimeout(this.#settling);
  }

  /** Tells a new socket, by its address: the first picture has the right size already. @param {string} url */
  addTo(url) {
    this.#told = this.#size();
    return this.#told ? `${url}&fit=${this.#told.width}x${this.#told.height}` : url;
  }

  /** In device pixels; null while it is not shown. @returns {Size | null} */
  #size() {
    const { clientWidth, clientHeight } = this.#picture;
    const ratio = this.#environment.pixelRatio();
    const size = { width: Math.round(clientWidth * ratio), height: Math.round(clientHeight * ratio) };
    return size.width > 0 && size.height > 0 ? size : null;
  }

  #resized = () => {
    this.#environment.clearTimeout(this.#settling);
    this.#settling = this.#environment.setTimeout(this.#settled, SETTLE_MS);
  };

  #settled = () => {
    const size = this.#size();
    if (!size || (this.#told && isAlike(size, this.#told))) return;
    this.#told = size;
    this.#changed(size);
  };
}

/**
 * @param {Size} one
 * @param {Size} other
 */
function isAlike(one, other) {
  return Math.abs(one.width - other.width) <= NOTICED_PX && Math.abs(one.height - other.height) <= NOTICED_PX;
}
