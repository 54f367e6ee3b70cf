/** Asks for the socket's one-use address. */

import { BASE_MS } from "./backoff.js";

/** @typedef {import("./backoff.js").Verdict} Verdict */
/** @typedef {(signal: AbortSignal) => Promise<string>} FetchTicket resolves to the socket's address */

const LATER = new Set([408, 409, 425, 429]);

/** @type {Readonly<Record<number, {title: string, text: string}>>} */
const WORDS = {
  401: { title: "No access", text: "This link is not valid, or you are no longer logged in." },
  403: { title: "No access", text: "You may not watch this session." },
  404: { title: "Not found", text: "There is no session at this address." },
  410: { title: "Expired", text: "This link has expired or its session has ended." },
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
    const body = tokenFromFragment === undefined ? {} : { token: location.hash.slice(1) };
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
 * @param {Response} response
 * @returns {Promise<Verdict>}
 */
async function verdictOn(response) {
  // A redirect leads to the login page: the operator's cookie has lapsed.
  const status = response.type === "opaqueredirect" ? 401 : response.status;
  if (status >= 500 || LATER.has(status)) return { next: "reconnect", floor: retryAfter(response) };
  const problem = await problemOf(response);
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
