/** A timeline's entries in words; nothing here touches the page. */

/** @typedef {import("./stream.js").Entry} Entry */

const KILO = 1000;
const STATES = {
  queued: "Queued",
  starting: "Starting",
  running: "Running",
  releasing: "Being released",
  released: "Released",
  expired: "Expired",
  failed: "Failed",
  lost: "Lost",
};

/** @type {Record<string, string>} */
const NO_ROOM = { too_large: "the session's files have no room for it", too_many: "too many at once" };

/** @type {Record<string, (data: Record<string, any>) => string>} */
const SENTENCES = {
  lifecycle: lifecycle,
  navigation: ({ tab, url }) => `Tab ${tab}: ${url}`,
  tab: ({ what, tab, url }) => join(`Tab ${tab} ${what}`, url && `: ${url}`),
  viewer: ({ what, name, role }) =>
    join(name || "Somebody", ` ${what}`, what === "joined" && role === "control" && ", may control"),
  control: ({ holder, previous }) =>
    holder ? `${holder.name} took control` : `${previous?.name ?? "Somebody"} gave control back`,
  label: ({ labels, by }) => join(pairs(labels) || "All removed", by && `, by ${by}`),
  dialog,
  download: ({ what, name, bytes, why }) =>
    join(`${name || "A file"}: ${what}`, bytes && `, ${size(bytes)}`, why && `, ${NO_ROOM[why] ?? why}`),
  error: ({ text }) => text,
  console: ({ text }) => text,
  network: ({ method, url }) => `${method} ${url}`,
};

/** @param {Entry} entry */
export function sentence({ kind, data }) {
  if (data.what === "dropped") return `${data.count} passed over: more than is kept`;
  return SENTENCES[kind]?.(data) ?? JSON.stringify(data);
}

/** @param {Record<string, any>} data */
function lifecycle({ status, reason, what, by }) {
  if (what === "restarted") return "Its browser was started again";
  const state = /** @type {Record<string, string>} */ (STATES)[status] ?? status ?? "";
  const why = reason && reason !== status ? `: ${String(reason).replaceAll("_", " ")}` : "";
  return join(state, why, by && `, by ${by}`);
}

/** @param {Record<string, any>} data */
function dialog({ what, kind, message, tab, accepted, text, by }) {
  if (what !== "closed") return `${kind} in tab ${tab}: ${message}`;
  const answer = accepted ? "accepted" : "dismissed";
  return join(`${kind} in tab ${tab} ${answer}`, by && ` by ${by}`, text && `: ${text}`);
}

/** @param {Record<string, string> | undefined} labels */
function pairs(labels) {
  return Object.entries(labels ?? {})
    .map(([key, value]) => (value ? `${key}: ${value}` : key))
    .join(", ");
}

/** @param {unknown[]} parts */
function join(...parts) {
  return parts.filter(Boolean).join("");
}

/**
 * What one calls a request by: the end of its path, else its host.
 * @param {string} url
 */
export function nameOf(url) {
  if (url.startsWith("data:")) return url;
  try {
    const { host, pathname, search } = new URL(url);
    const last = pathname.split("/").filter(Boolean).at(-1);
    return (last ? decoded(last) : host) + search;
  } catch {
    return url;
  }
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @param {number | null | undefined} bytes */
export function size(bytes) {
  if (bytes == null) return "";
  if (bytes < KILO) return `${bytes} B`;
  if (bytes < KILO * KILO) return `${rounded(bytes / KILO)} kB`;
  return `${rounded(bytes / KILO / KILO)} MB`;
}

/** @param {number | null | undefined} ms */
export function duration(ms) {
  if (ms == null) return "";
  return ms < KILO ? `${ms} ms` : `${rounded(ms / KILO)} s`;
}

/** @param {number} value */
function rounded(value) {
  return value < 10 ? value.toFixed(1) : Math.round(value).toString();
}

/**
 * Where in a page's files it happened.
 * @param {Record<string, any>} data
 */
export function place({ url, line, source }) {
  if (!url) return source ?? "";
  return nameOf(url) + (line ? `:${line}` : "");
}

/**
 * The status that a request's row shows; one that broke says so, whatever was answered before.
 * @param {Record<string, any>} data
 */
export function outcome(data) {
  if (data.error && !wasLetGo(data)) return "failed";
  return data.status ? String(data.status) : "–";
}

/**
 * Whether the browser itself ended it after a good answer: it became a download, or nobody wanted the rest.
 * @param {Record<string, any>} data
 */
export function wasLetGo({ status, error }) {
  return error === "net::ERR_ABORTED" && status > 0 && status < 400;
}

/**
 * Everything that is known of a request, by name.
 * @param {Entry} entry
 * @returns {[string, string][]}
 */
export function details({ data }) {
  /** @type {[string, unknown][]} */
  const all = [
    ["Address", data.url],
    ["Method", data.method],
    ["Status", data.status],
    ["Failed", data.error],
    ["Type", data.type],
    ["Content", data.mime],
    ["Size", size(data.bytes)],
    ["Took", duration(data.ms)],
    ["Cached", data.cached && "yes"],
    ["Tab", data.tab],
  ];
  return all.filter(([, value]) => value || value === 0).map(([name, value]) => [name, String(value)]);
}
