/** Asks for the socket's one-use address. */

import { BASE_MS } from "./backoff.js";

/** @typedef {import("./backoff.js").Verdict} Verdict */
/** @typedef {(signal: AbortSignal) => Promise<string>} FetchTicket resolves to the socket's address */

const TICKET_VERSION = 1;
const LATER = new Set([408, 409, 425, 429]);

/** @type {Readonly<Record<number, {title: string, text: string}>>} */
const WORDS = {
  401: { title: "No access", text: "This link is not valid, or you are no longer logged in." },
  403: { title: "No access", text: "You may not watch this session." },
  404: { title: "Not found", text: "There is no session at this address." },
  410: { title: "Expired", text: "This link has expired or its session has ended." },
};

/** Of sessions that start by themselves. @type {Readonly<Record<string, {title: string, text: string}>>} */
const WAITS = {
  session_queued: {
    title: "In the queue",
    text: "The server is full. The browser starts by itself as soon as a place is free.",
  },
  session_starting: { title: "Starting", text: "The browser will be here in a moment." },
};

/** The server answered, but not with a ticket. */
export class TicketRefused extends Error {
  /** @param {Verdict} verdict */
  constructor(verdict) {
    super(verdict.next);
    this.verdict = verdict;
  }
}

/**
 * The two ways in: the live page shows its link's token, the operator's page its cookie and CSRF token.
 * The token is read anew for every ticket, because the fragment may change under an open page.
 * @param {HTMLElement} section
 * @param {{fetch: typeof globalThis.fetch, location: {hash: string}}} environment
 * @returns {FetchTicket}
 */
export function ticketSource(section, { fetch, location }) {
  const { ticketUrl = "", csrfToken = "", tokenFromFragment } = section.dataset;
  return async (signal) => {
    const body = tokenFromFragment === undefined ? {} : { token: tokenIn(location.hash.slice(1)) };
    const response = await fetch(ticketUrl, {
      method: "POST",
      headers: {
        Accept: "application/json",
        "Content-Type": "application/json",
        ...(csrfToken && { "X-CSRFToken": csrfToken }),
      },
      body: JSON.stringify(body),
      redirect: "manual",
      signal,
    });
    if (!response.ok) throw new TicketRefused(await verdictOn(response));
    return (await response.json()).url;
  };
}

/**
 * The token that a fragment holds: the fragment itself, or what the `ticket` of a session's info wraps. Where the latter
 * would be exchanged, its gateway, is not asked: this page knows its own.
 * @param {string} fragment
 * @returns {string}
 */
export function tokenIn(fragment) {
  try {
    const { v, token } = JSON.parse(atob(fragment.replaceAll("-", "+").replaceAll("_", "/")));
    return v === TICKET_VERSION && typeof token === "string" ? token : fragment;
  } catch {
    return fragment;
  }
}

/**
 * @param {Response} response
 * @returns {Promise<Verdict>}
 */
async function verdictOn(response) {
  // A redirect leads to the login page: the operator's cookie has lapsed.
  const status = response.type === "opaqueredirect" ? 401 : response.status;
  const problem = await problemOf(response);
  const wait = WAITS[problem.code ?? ""];
  if (wait) return { next: "waiting", ...wait };
  if (status >= 500 || LATER.has(status)) return { next: "reconnect", floor: retryAfter(response) };
  const words = WORDS[status] ?? { title: "Refused", text: "The server refused this viewer." };
  return {
    next: problem.code === "session_ended" ? "ended" : "refused",
    title: problem.code === "session_ended" ? "Session ended" : problem.title || words.title,
    text: problem.detail || words.text,
  };
}

/**
 * @param {Response} response
 * @returns {Promise<{title?: string, detail?: string, code?: string}>}
 */
async function problemOf(response) {
  if (!response.headers.get("Content-Type")?.includes("json")) return {};
  return response.json().catch(() => ({}));
}

/** @param {Response} response */
function retryAfter(response) {
  const seconds = Number(response.headers.get("Retry-After"));
  return seconds > 0 ? seconds * 1000 : response.status === 429 ? BASE_MS : 0;
}
