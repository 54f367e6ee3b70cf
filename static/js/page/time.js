/**
 * Moments and durations that stay true while a page is open, exact ones in the person's zone; sessions_app/templatetags
 * says the same, in UTC.
 */

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
  if (kind === "exact") return exact(at);
  return ago(now - at) || day(at);
}

/** The zone that this person chose, else the device's. */
export const zone = () => globalThis.document?.documentElement.dataset.zone || undefined;

/** @type {Map<string, Intl.DateTimeFormat>} to make one takes longer than all else here */
const formats = new Map();

/**
 * A moment in parts, all of two digits but the year.
 * @param {number} at unix seconds
 * @param {string | undefined} timeZone
 */
function partsOf(at, timeZone) {
  const format =
    formats.get(timeZone ?? "") ??
    new Intl.DateTimeFormat("en-GB", {
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
      timeZoneName: "short",
      timeZone,
    });
  formats.set(timeZone ?? "", format);
  return Object.fromEntries(format.formatToParts(at * 1000).map(({ type, value }) => [type, value]));
}

/**
 * 2026-01-31
 * @param {number} at unix seconds
 */
export function day(at, timeZone = zone()) {
  const { year, month, day } = partsOf(at, timeZone);
  return `${year}-${month}-${day}`;
}

/**
 * 14:05:06
 * @param {number} at unix seconds
 */
export function timeOfDay(at, timeZone = zone()) {
  const { hour, minute, second } = partsOf(at, timeZone);
  return `${hour}:${minute}:${second}`;
}

/**
 * 2026-01-31 14:05:06 CET
 * @param {number} at unix seconds
 */
export function exact(at, timeZone = zone()) {
  return `${day(at, timeZone)} ${timeOfDay(at, timeZone)} ${partsOf(at, timeZone).timeZoneName}`;
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
  tick();
  on("afterSwap", tick);
  document.addEventListener("preference", tick);
  document.addEventListener("visibilitychange", tick);
}

/**
 * @param {HTMLTimeElement} element
 * @param {number} now
 */
function show(element, now) {
  const at = Date.parse(element.dateTime) / 1000;
  const text = reading(element.dataset.clock ?? "", at, now);
  if (element.textContent !== text) element.textContent = text;
  const said = `${element.dateTime} ${zone()}`;
  if (titled.get(element) === said) return;
  titled.set(element, said);
  element.title = exact(at);
}

/** @type {WeakMap<Element, string>} the moment and the zone that an element's title was made of */
const titled = new WeakMap();
