/** When to try again and when not to; pure. */

export const BASE_MS = 500;
export const CAP_MS = 10_000;
const TOO_MUCH_FLOOR_MS = 3_000;
const PAUSE_MS = 500;

/**
 * Full jitter: anything between nothing and the doubled, capped step, so that many viewers do not return at once.
 * @param {number} attempt from 0
 * @param {() => number} random in [0, 1)
 * @param {number} [floor] the least wait that the server asked for
 */
export function backoff(attempt, random, floor = 0) {
  return floor + Math.round(random() * Math.min(CAP_MS, BASE_MS * 2 ** attempt));
}

/** How long until a session that will start by itself is asked for again. @param {() => number} random in [0, 1) */
export function pause(random) {
  return Math.round(PAUSE_MS * (1 + random()));
}

/**
 * @typedef {{next: "reconnect", floor: number}
 *   | {next: "waiting"|"ended"|"refused", title: string, text: string}} Verdict
 */

/** @type {Readonly<Record<number, Verdict>>} */
const FINAL = {
  4403: { next: "refused", title: "No access", text: "This link was revoked, or it does not allow this." },
  4404: { next: "refused", title: "No such session", text: "There is no session at this address." },
  4410: { next: "ended", title: "Session ended", text: "The browser session has ended." },
};

/**
 * What a socket's close asks of the viewer (docs/wire.md, "Close codes"). Its reason is for programs, not for people.
 * @param {number} code
 * @returns {Verdict}
 */
export function verdictOnClose(code) {
  return FINAL[code] ?? { next: "reconnect", floor: code === 4429 ? TOO_MUCH_FLOOR_MS : 0 };
}
