/** A request's details, drawn when they are opened: text alone, and bars of how long each stretch took. */

import { headers, read, stretches } from "./exchange.js";

/** @typedef {import("./exchange.js").Known} Known */

/**
 * @param {HTMLElement} place
 * @param {[string, string][]} facts what the entry itself says
 * @param {string} address
 * @param {string} name
 */
export async function show(place, facts, address, name) {
  const more = make("div", "net-more");
  more.textContent = "Reading…";
  place.replaceChildren(list(facts), more);
  more.setAttribute("role", "status");
  try {
    const known = await read(address, name);
    more.replaceChildren(timing(known), ...folded(known));
    more.removeAttribute("role");
  } catch (error) {
    more.className = "net-more quiet";
    more.textContent = error instanceof Error ? error.message : String(error);
  }
}

/** @param {Known} known */
function timing({ timings }) {
  const table = make("dl", "pairs net-timing");
  table.setAttribute("aria-label", "Timing");
  for (const { name, ms, from, share } of stretches(timings)) {
    const [term, value, bar] = [make("dt"), make("dd"), make("span", "net-bar")];
    term.textContent = name;
    bar.style.marginInlineStart = `${from * 100}%`;
    bar.style.width = `${share * 100}%`;
    const track = make("span", "net-track");
    track.append(bar);
    const length = make("span", "net-length");
    length.textContent = ms;
    value.append(track, length);
    table.append(term, value);
  }
  return table;
}

/** @param {Known} known */
function folded({ request, response }) {
  return [fold("Request headers", headers(request)), fold("Response headers", headers(response))];
}

/**
 * @param {string} title
 * @param {[string, string][]} found
 */
function fold(title, found) {
  const details = make("details", "more net-headers");
  const summary = make("summary");
  summary.textContent = `${title} (${found.length})`;
  details.append(summary, list(found, "mono"));
  return details;
}

/**
 * @param {[string, string][]} found
 * @param {string} kind
 */
function list(found, kind = "") {
  const pairs = make("dl", `pairs ${kind}`.trim());
  for (const [name, value] of found) {
    const [term, text] = [make("dt", "break"), make("dd", "break")];
    term.textContent = name;
    text.textContent = value;
    pairs.append(term, text);
  }
  return pairs;
}

/**
 * @param {string} tag
 * @param {string} className
 */
function make(tag, className = "") {
  const made = document.createElement(tag);
  made.className = className;
  return made;
}
