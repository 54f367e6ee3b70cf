/** What the server still knows of one request: its headers and where its time went, as its HAR entry tells. */

import { duration } from "./words.js";

/**
 * @typedef {{name: string, value: string}} Header
 * @typedef {{headers: Header[]}} Message
 * @typedef {{request: Message, response: Message, timings: Record<string, number>}} Known a HAR entry
 * @typedef {{name: string, ms: string, from: number, share: number}} Stretch `from` and `share` are parts of the whole
 */

const IN_ORDER = ["blocked", "dns", "connect", "send", "wait", "receive"];
/** @type {Record<string, string>} */
const NAMES = {
  blocked: "Queued",
  dns: "DNS",
  connect: "Connecting",
  ssl: "of it TLS",
  send: "Sending",
  wait: "Waiting",
  receive: "Receiving",
};
const FORGOTTEN = "Headers and timing are kept only while the session runs, of its newest 1,000 requests.";
const BROKEN = "Headers and timing could not be read.";

/**
 * @param {string} address the session's HAR
 * @param {string} name
 * @returns {Promise<Known>}
 * @throws {Error} in words for people
 */
export async function read(address, name) {
  if (!address || !name) throw new Error(FORGOTTEN);
  const response = await fetch(`${address}?request=${encodeURIComponent(name)}`).catch(() => {
    throw new Error(BROKEN);
  });
  if (response.status === 404 || response.status === 410) throw new Error(FORGOTTEN);
  if (!response.ok) throw new Error(BROKEN);
  const { log } = await response.json();
  return log.entries[0];
}

/**
 * One after the other; what did not happen is left out. TLS is the last part of connecting.
 * @param {Record<string, number>} timings
 * @returns {Stretch[]}
 */
export function stretches(timings) {
  const lengths = IN_ORDER.map((name) => Math.max(0, timings[name] ?? 0));
  const whole = lengths.reduce((sum, length) => sum + length, 0) || 1;
  let at = 0;
  return IN_ORDER.flatMap((name, index) => {
    const length = lengths[index] ?? 0;
    const from = at;
    at += length;
    if ((timings[name] ?? -1) < 0) return [];
    const told = [stretch(name, length, from, whole)];
    const ssl = name === "connect" ? (timings.ssl ?? -1) : -1;
    return ssl < 0 ? told : [...told, stretch("ssl", ssl, at - ssl, whole)];
  });
}

/**
 * @param {string} name
 * @param {number} length
 * @param {number} from
 * @param {number} whole
 * @returns {Stretch}
 */
function stretch(name, length, from, whole) {
  const ms = length < 10 ? `${length.toFixed(1)} ms` : duration(Math.round(length));
  return { name: NAMES[name] ?? name, ms, from: from / whole, share: length / whole };
}

/**
 * @param {Message} message
 * @returns {[string, string][]}
 */
export function headers({ headers }) {
  return headers.map(({ name, value }) => [name, value]);
}
