/**
 * Keeps what changes by itself up to date, while somebody looks. `data-refresh` may say for how many seconds an element
 * stays fresh.
 */

import { htmx } from "./htmx.js";

const EVERY_MS = 3000;
// By then what the page itself set going (a viewer that attaches) has happened.
const FIRST_MS = 1000;

export function startRefreshing() {
  let beats = 0;
  const refresh = () => {
    if (document.hidden) return;
    for (const element of document.querySelectorAll("[data-refresh]")) {
      if (isDue(element, beats) && !element.closest("[hidden]")) htmx.trigger(element, "refresh");
    }
  };
  const beat = () => {
    beats += 1;
    refresh();
  };
  setTimeout(beat, FIRST_MS);
  setInterval(beat, EVERY_MS);
  document.addEventListener("visibilitychange", () => {
    // What was not looked at is due, all of it.
    beats = 0;
    refresh();
  });
}

/**
 * @param {Element} element
 * @param {number} beats
 */
function isDue(element, beats) {
  const fresh = Number(element.getAttribute("data-refresh")) * 1000;
  return beats % Math.max(1, Math.round(fresh / EVERY_MS)) === 0;
}
