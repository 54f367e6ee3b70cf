/** Entries as rows: each fills a copy of its log's template, with text alone. */

import { exact, timeOfDay } from "../time.js";
import { show } from "./detail.js";
import { hasFailed, levelOf } from "./filters.js";
import { details, duration, nameOf, outcome, place, sentence, size } from "./words.js";

/** @typedef {import("./stream.js").Entry} Entry */

/** The last is the address of the session's HAR. @type {Record<string, (row: HTMLElement, entry: Entry, har: string) => void>} */
export const DRAW = { timeline, console: consoleLine, network };

/**
 * @param {HTMLElement} row
 * @param {Entry} entry
 */
function timeline(row, entry) {
  row.dataset.kind = entry.kind;
  stamp(row, entry);
  fill(row, { kind: entry.kind, text: sentence(entry) });
}

/**
 * @param {HTMLElement} row
 * @param {Entry} entry
 */
function consoleLine(row, entry) {
  const level = levelOf(entry);
  row.dataset.level = level;
  stamp(row, entry);
  fill(row, {
    kind: entry.kind === "error" ? "uncaught" : level,
    text: sentence(entry),
    where: place(entry.data),
  });
  const where = row.querySelector("[data-part=where]");
  if (where instanceof HTMLElement) where.title = entry.data.url ?? "";
}

/**
 * @param {HTMLElement} row
 * @param {Entry} entry
 * @param {string} har
 */
function network(row, entry, har) {
  const { data } = entry;
  if (data.what === "dropped") {
    row.textContent = sentence(entry);
    return;
  }
  if (hasFailed(entry)) row.dataset.failed = "";
  fill(row, {
    status: outcome(data),
    name: nameOf(data.url),
    type: String(data.type ?? ""),
    size: data.cached ? "cached" : size(data.bytes),
    ms: duration(data.ms),
  });
  const line = row.querySelector("button");
  const detail = row.querySelector("[data-part=detail]");
  if (!line || !(detail instanceof HTMLElement)) return;
  line.title = data.url;
  line.addEventListener("click", () => {
    if (!detail.childElementCount)
      show(detail, [...details(entry), ["At", exact(seconds(entry))]], har, data.request ?? "");
    detail.hidden = !detail.hidden;
    line.ariaExpanded = String(!detail.hidden);
  });
}

/**
 * @param {HTMLElement} row
 * @param {Entry} entry
 */
function stamp(row, entry) {
  const clock = row.querySelector("time");
  if (!clock) return;
  clock.dateTime = entry.at;
  clock.title = exact(seconds(entry));
  clock.textContent = timeOfDay(seconds(entry));
}

/** @param {Entry} entry */
function seconds({ at }) {
  return Date.parse(at) / 1000;
}

/**
 * @param {HTMLElement} row
 * @param {Record<string, string>} texts
 */
function fill(row, texts) {
  for (const [name, text] of Object.entries(texts)) {
    const place = row.querySelector(`[data-part=${name}]`);
    if (place) place.textContent = text;
  }
}
