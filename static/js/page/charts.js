/** Charts that can be read: the moment under the pointer, or under the arrow keys, in all of them at once. */

import { on } from "./htmx.js";
import { addShortcut } from "./shortcuts.js";
import { day, timeOfDay } from "./time.js";

const FAST = 10;
/** @type {Record<string, (at: number, last: number) => number>} */
const MOVES = {
  ArrowLeft: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  PageUp: (at) => at - FAST,
  PageDown: (at) => at + FAST,
  Home: () => 0,
  End: (_, last) => last,
};

export function startCharts() {
  const said = document.querySelector("[data-charts-said]");
  if (!said) return;
  addShortcut({
    keys: ["ArrowLeft", "ArrowRight"],
    words: "Read a chart that has the focus, moment by moment",
  });
  /** @type {number | undefined} the moment that is read, which stays at its place while time goes on */
  let at;
  const read = (/** @type {number | undefined} */ index) => {
    at = index;
    show(index);
  };
  document.addEventListener("pointermove", (event) => {
    const plot = plotOf(event);
    if (plot || event.pointerType === "mouse") read(plot ? under(plot, event.clientX) : focused() && at);
  });
  document.addEventListener("pointerdown", (event) => {
    const plot = plotOf(event);
    if (plot) read(under(plot, event.clientX));
  });
  document.addEventListener("keydown", (event) => {
    const plot = plotOf(event);
    const move = plot && MOVES[event.key];
    if (event.key === "Escape") read(undefined);
    if (!move || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const last = lastOf(plot);
    read(Math.min(last, Math.max(0, move(at ?? last + 1, last))));
    said.textContent = sentence(plot);
  });
  document.addEventListener("focusout", (event) => plotOf(event) && read(undefined));
  on("afterSwap", () => show(at));
}

/** @param {Event} event */
const plotOf = ({ target }) =>
  target instanceof Element ? /** @type {SVGElement | null} */ (target.closest("[data-plot]")) : null;

const focused = () => document.activeElement?.matches("[data-plot]") || undefined;

/** @param {SVGElement} plot */
const lastOf = (plot) => Number(plot.getAttribute("viewBox")?.split(" ")[2]);

/**
 * @param {SVGElement} plot
 * @param {number} x
 */
function under(plot, x) {
  const { left, width } = plot.getBoundingClientRect();
  return Math.round(Math.min(1, Math.max(0, (x - left) / width)) * lastOf(plot));
}

/** @type {WeakMap<Element, string>} what stood there for now, or for the whole time */
const told = new WeakMap();

/** @param {number | undefined} index */
function show(index) {
  const charts = document.querySelector("[data-charts]");
  if (!(charts instanceof HTMLElement)) return;
  const when = index === undefined ? undefined : moment(charts.dataset, index);
  for (const place of charts.querySelectorAll("[data-when]")) put(place, when);
  for (const place of charts.querySelectorAll("[data-values]")) {
    put(place, index === undefined ? undefined : place.getAttribute("data-values")?.split("|")[index]);
  }
  for (const cursor of charts.querySelectorAll(".cursor")) {
    cursor.toggleAttribute("hidden", index === undefined);
    cursor.setAttribute("x1", String(index ?? 0));
    cursor.setAttribute("x2", String(index ?? 0));
  }
}

/**
 * @param {Element} place
 * @param {string | undefined} text none: what the server told
 */
function put(place, text) {
  if (!place.hasAttribute("data-read")) told.set(place, place.textContent);
  place.toggleAttribute("data-read", text !== undefined);
  const wanted = text ?? told.get(place) ?? "";
  if (place.textContent !== wanted) place.textContent = wanted;
}

/**
 * @param {DOMStringMap} charts
 * @param {number} index
 */
function moment({ start, step }, index) {
  const at = Number(start) + Number(step) * index;
  const time = Number(step) < 60 ? timeOfDay(at) : timeOfDay(at).slice(0, 5);
  return Number(step) > 3600 ? `${day(at)} ${time}` : time;
}

/** @param {SVGElement} plot */
function sentence(plot) {
  const chart = plot.closest("[data-chart]");
  const values = [...(chart?.querySelectorAll("[data-values]") ?? [])].map(
    (value) => `${value.previousElementSibling?.textContent} ${value.textContent}`,
  );
  return `${chart?.querySelector("[data-when]")?.textContent}: ${values.join(", ")}`;
}
