/** The list of sessions while somebody looks: its pictures, and itself when something changed. */

import { Feed } from "./feed.js";
import { htmx, on } from "./htmx.js";

// Without the socket the list asks by itself, as other pages do; with it, only for what the socket does not tell.
const ALONE_MS = 3000;
const TOLD_MS = 10_000;
// Titles may change many times a second.
const AT_MOST_EVERY_MS = 1000;
const MAX_KEPT = 200;

/** @param {HTMLElement} list */
export function startWall(list) {
  const pictures = new Pictures();
  const refresh = sparingly(() => htmx.trigger(list, "refresh"));
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let asking;
  const ask = (/** @type {number} */ every) => {
    clearInterval(asking);
    asking = setInterval(refresh, every);
  };
  const feed = new Feed(socketUrl(list.dataset.wall ?? ""), {
    picture: (id, jpeg) => pictures.came(id, jpeg),
    changed: refresh,
    state: (connected) => {
      say(connected ? "" : "Pictures stand still: connecting again…");
      ask(connected ? TOLD_MS : ALONE_MS);
      refresh();
    },
  });
  const screen = new Screen((ids) => feed.watch(ids));
  const lookAround = () => {
    pictures.putBack();
    screen.lookAround();
  };
  on("afterSwap", lookAround);
  const follow = () => {
    clearInterval(asking);
    if (document.hidden) feed.stop();
    else {
      ask(ALONE_MS);
      feed.start();
    }
  };
  document.addEventListener("visibilitychange", follow);
  lookAround();
  follow();
}

/** @param {string} path */
function socketUrl(path) {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;
}

/** @param {string} words */
function say(words) {
  const place = document.querySelector("[data-wall-state]");
  if (place) place.textContent = words;
}

/** At once, and again when it was asked for meanwhile. @param {() => void} act */
function sparingly(act) {
  /** @type {ReturnType<typeof setTimeout> | null} */
  let pause = null;
  let again = false;
  return function run() {
    if (pause) {
      again = true;
      return;
    }
    act();
    pause = setTimeout(() => {
      pause = null;
      if (again) {
        again = false;
        run();
      }
    }, AT_MOST_EVERY_MS);
  };
}

/** @returns {HTMLImageElement[]} */
const places = () => [...document.querySelectorAll("img[data-picture]")].filter(isImage);
const isImage = (/** @type {Element} */ one) => one instanceof HTMLImageElement;
const idOf = (/** @type {Element} */ place) => place.closest("[data-session]")?.id ?? "";

/** The newest picture of each session, also for a tile that comes back. */
class Pictures {
  /** @type {Map<string, string>} */
  #urls = new Map();

  /** @param {string} id @param {Uint8Array<ArrayBuffer>} jpeg */
  async came(id, jpeg) {
    const before = this.#urls.get(id);
    const url = URL.createObjectURL(new Blob([jpeg], { type: "image/jpeg" }));
    this.#urls.delete(id);
    this.#urls.set(id, url);
    const place = places().find((one) => idOf(one) === id);
    if (place) await show(place, url);
    if (before) URL.revokeObjectURL(before);
    for (const [oldest, stale] of this.#urls) {
      if (this.#urls.size <= MAX_KEPT) break;
      this.#urls.delete(oldest);
      URL.revokeObjectURL(stale);
    }
  }

  putBack() {
    for (const place of places()) {
      const url = this.#urls.get(idOf(place));
      if (url && !place.src) show(place, url);
    }
  }
}

/** @param {HTMLImageElement} place @param {string} url */
async function show(place, url) {
  place.src = url;
  try {
    await place.decode();
  } catch {
    // A newer one took its place, or the tile is gone.
  }
}

/** Says which sessions' pictures are on the screen. */
class Screen {
  #tell;
  /** @type {Map<Element, boolean>} */
  #seen = new Map();
  #observer = new IntersectionObserver((entries) => this.#moved(entries), { rootMargin: "80px" });

  /** @param {(ids: string[]) => void} tell */
  constructor(tell) {
    this.#tell = tell;
  }

  /** Pictures have come or gone. */
  lookAround() {
    const there = new Set(places());
    for (const place of there) {
      if (this.#seen.has(place)) continue;
      this.#seen.set(place, false);
      this.#observer.observe(place);
    }
    for (const place of this.#seen.keys()) {
      if (there.has(/** @type {HTMLImageElement} */ (place))) continue;
      this.#seen.delete(place);
      this.#observer.unobserve(place);
    }
    this.#report();
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #moved(entries) {
    for (const { target, isIntersecting } of entries) {
      if (this.#seen.has(target)) this.#seen.set(target, isIntersecting);
    }
    this.#report();
  }

  #report() {
    this.#tell(places().flatMap((one) => (this.#seen.get(one) ? [idOf(one)] : [])));
  }
}
