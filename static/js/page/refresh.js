/** Keeps what changes by itself up to date, while somebody looks. */

import { htmx } from "./htmx.js";

const EVERY_MS = 3000;
// By then what the page itself set going (a viewer that attaches) has happened.
const FIRST_MS = 1000;

export function startRefreshing() {
  const refresh = () => {
    if (document.hidden) return;
    for (const element of document.querySelectorAll("[data-refresh]")) htmx.trigger(element, "refresh");
  };
  setTimeout(refresh, FIRST_MS);
  setInterval(refresh, EVERY_MS);
  document.addEventListener("visibilitychange", refresh);
}
