/** One quiet line in the top bar for what went wrong; it covers nothing and moves nothing. */

import { on } from "./htmx.js";

const SHOWN_MS = 8000;
const OFFLINE = "No connection to the server: what you see may be old.";

export function startNotices() {
  const place = document.querySelector("[data-notice]");
  if (!(place instanceof HTMLElement)) return;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let passing;
  const say = (/** @type {string} */ words) => {
    clearTimeout(passing);
    place.textContent = words;
    place.title = words;
  };
  on("sendError", () => say(OFFLINE));
  on("timeout", () => say(OFFLINE));
  on("afterOnLoad", () => place.textContent === OFFLINE && say(""));
  on("responseError", ({ detail }) => {
    say(wordsOf(detail.xhr));
    passing = setTimeout(() => say(""), SHOWN_MS);
  });
}

/** @param {XMLHttpRequest} xhr */
function wordsOf(xhr) {
  if (xhr.getResponseHeader("Content-Type")?.startsWith("text/plain")) return xhr.responseText;
  if (xhr.status === 403) return "This page is out of date: reload it and try again.";
  return `The server could not do that (${xhr.status}).`;
}
