/** Brings a session's page to life, beside its live view. */

import { startFiles } from "./files.js";
import { startInspecting } from "./inspect/inspect.js";
import { startShots } from "./shots.js";
import { startTabs } from "./tabs.js";

startInspecting();
startFiles();
startShots();
// Last: it shows the part that was open before, and whoever fills that part must know of it.
startTabs();
