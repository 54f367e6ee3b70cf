/** The figures in the status line; asleep while nothing is drawn. */

import { part, write } from "./dom.js";

const EVERY_MS = 500;

export class Hud {
  #meter;
  /** @type {HTMLElement} */
  #root;
  /** @type {Record<string, HTMLElement>} */
  #fields;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {HTMLElement} section
   * @param {import("./meter.js").Meter} meter
   */
  constructor(section, meter) {
    this.#meter = meter;
    this.#root = part(section, "hud");
    this.#fields = Object.fromEntries(
      ["fps", "rate", "latency", "window", "dropped", "viewers", "viewers-word"].map((name) => [
        name,
        part(section, `hud-${name}`),
      ]),
    );
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** @param {boolean} shown */
  toggle(shown) {
    this.#root.hidden = !shown;
    this.stop();
    if (shown) this.#tick();
  }

  /** Something was drawn: the figures move until they are back at nought. */
  wake() {
    if (this.#timer === undefined && !this.#root.hidden) this.#timer = setTimeout(this.#tick, EVERY_MS);
  }

  /** @param {import("./wire.js").Message} stats */
  showStats({ window, dropped, viewers }) {
    write(this.#fields.window, String(window));
    write(this.#fields.dropped, String(dropped));
    write(this.#fields.viewers, String(viewers));
    write(this.#fields["viewers-word"], viewers === 1 ? "viewer" : "viewers");
  }

  #tick = () => {
    this.#timer = undefined;
    const { fps, kilobytes, latency } = this.#meter.read(performance.now());
    write(this.#fields.fps, String(fps));
    write(this.#fields.rate, kilobytes.toFixed(0));
    write(this.#fields.latency, latency === null ? "–" : latency.toFixed(0));
    if (fps) this.wake();
  };
}
