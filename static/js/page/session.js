/** Brings a session's page to life, beside its live view. */

import { startInspecting } from "./inspect/inspect.js";
import { startShots } from "./shots.js";
import { startTabs } from "./tabs.js";

startInspecting();
startFilesWhenSeen();
startShots();
// Last: it shows the part that was open before, and whoever fills that part must know of it.
startTabs();

/** Most who look at a session never open that part. */
function startFilesWhenSeen() {
  const part = document.querySelector("[data-files]")?.closest("[role=tabpanel]");
  part?.addEventListener("shown", async () => (await import("./files.js")).startFiles(), { once: true });
}
