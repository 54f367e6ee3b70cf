/** Which entries each log takes, and which of them a person asks to see. */

/**
 * @typedef {import("./stream.js").Entry} Entry
 * @typedef {Record<string, string>} Wanted what the filter's fields hold, by name
 */

import { sentence, wasLetGo } from "./words.js";

const FAILED_FROM = 400;
const NAMED_TYPES = new Set(["document", "script", "stylesheet", "image", "font", "media", "websocket"]);
/** @type {Record<string, Set<string>>} */
const LEVELS = {
  error: new Set(["error"]),
  warning: new Set(["error", "warning"]),
  info: new Set(["error", "warning", "info", "log"]),
};

/** @type {Record<string, (kind: string) => boolean>} */
export const TAKES = {
  timeline: (kind) => !["console", "network", "performance"].includes(kind),
  console: (kind) => kind === "console" || kind === "error",
  network: (kind) => kind === "network",
};

/**
 * An exception that nobody caught is an error like those that a page logs.
 * @param {Entry} entry
 */
export function levelOf({ kind, data }) {
  return kind === "error" ? "error" : (data.level ?? "info");
}

/** @param {Entry} entry */
export function hasFailed({ data }) {
  return (Boolean(data.error) && !wasLetGo(data)) || data.status >= FAILED_FROM;
}

/** @param {Entry} entry */
export function typeOf({ data }) {
  const type = String(data.type ?? "").toLowerCase();
  if (type === "xhr" || type === "fetch" || type === "eventsource") return "fetch";
  return NAMED_TYPES.has(type) ? type : "other";
}

/** @type {Record<string, (entry: Entry, wanted: string) => boolean>} */
const ASKED = {
  kind: (entry, wanted) => entry.kind === wanted,
  level: (entry, wanted) => LEVELS[wanted]?.has(levelOf(entry)) ?? true,
  type: (entry, wanted) => typeOf(entry) === wanted,
  failed: (entry) => hasFailed(entry),
  text: (entry, wanted) => said(entry).includes(wanted.trim().toLowerCase()),
};

/**
 * @param {Entry} entry
 * @param {Wanted} wanted
 */
export function passes(entry, wanted) {
  return Object.entries(wanted).every(([name, value]) => !value || (ASKED[name]?.(entry, value) ?? true));
}

/** @param {Entry} entry */
function said(entry) {
  const { url = "", status = "", error = "" } = entry.data;
  return `${sentence(entry)} ${url} ${status ?? ""} ${error ?? ""}`.toLowerCase();
}
