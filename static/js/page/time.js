/** Moments and durations that stay true while a page is open; sessions_app/templatetags says the same. */

import { on } from "./htmx.js";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** @type {readonly [number, number, string][]} */
const STEPS = [
  [HOUR, MINUTE, "min"],
  [DAY, HOUR, "h"],
  [30 * DAY, DAY, "d"],
];

/**
 * Empty when a date says more.
 * @param {number} seconds
 */
export function ago(seconds) {
  if (seconds < MINUTE) return "just now";
  for (const [limit, unit, word] of STEPS) {
    if (seconds < limit) return `${Math.floor(seconds / unit)} ${word} ago`;
  }
  return "";
}

/**
 * 65 → 1:05, 3725 → 1:02:05.
 * @param {number} seconds
 */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  const minutes = Math.floor(whole / MINUTE);
  if (minutes < 60) return `${minutes}:${two(whole % MINUTE)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % MINUTE)}`;
}

/**
 * @param {string} kind
 * @param {number} at unix seconds
 * @param {number} now unix seconds
 */
export function reading(kind, at, now) {
  if (kind === "since") return clock(now - at);
  if (kind === "until") return clock(at - now);
  return ago(now - at) || new Date(at * 1000).toISOString().slice(0, 10);
}

export function startClocks() {
  const served = Number(document.documentElement.dataset.now);
  // The two machines' clocks may differ by minutes.
  const offset = served ? served - Date.now() / 1000 : 0;
  const skew = Math.abs(offset) > 2 ? offset : 0;
  const tick = () => {
    const now = Date.now() / 1000 + skew;
    for (const element of document.querySelectorAll("time")) if (element.dataset.clock) show(element, now);
  };
  setInterval(tick, 1000);
  on("afterSwap", tick);
  document.addEventListener("visibilitychange", tick);
}

/**
 * @param {HTMLTimeElement} element
 * @param {number} now
 */
function show(element, now) {
  const text = reading(element.dataset.clock ?? "", Date.parse(element.dateTime) / 1000, now);
  if (element.textContent !== text) element.textContent = text;
}
