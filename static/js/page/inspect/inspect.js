/** Timeline, console and network of a session: one stream for the three, read while one of them is looked at. */

import { Log } from "./log.js";
import { Stream } from "./stream.js";

export function startInspecting() {
  const roots = [...document.querySelectorAll("[data-log]")].filter((root) => root instanceof HTMLElement);
  const first = roots.find(({ dataset }) => dataset.events);
  if (!first) return;
  const logs = roots.map((root) => new Log(root));
  const stream = new Stream(first.dataset.events ?? "", {
    receive: (entries) => {
      for (const log of logs) log.add(entries);
    },
    say: (state) => {
      for (const log of logs) log.say(state);
    },
  });
  const follow = () => {
    stream.hasEnded = first.closest("[data-ended]") !== null;
    if (document.hidden || !roots.some((root) => root.checkVisibility())) stream.stop();
    // What was refused is asked for again by a person alone; that the logs say so would else ask at once, for ever.
    else if (!stream.isRefused) stream.start();
  };
  for (const log of logs) log.start(() => stream.start());
  document.addEventListener("visibilitychange", follow);
  addEventListener("resize", follow);
  const panel = /** @type {Element} */ (first.parentElement);
  const observer = new MutationObserver(follow);
  observer.observe(panel, { attributeFilter: ["hidden", "data-ended"], subtree: true });
  observer.observe(document.documentElement, { attributeFilter: ["data-panel"] });
}
