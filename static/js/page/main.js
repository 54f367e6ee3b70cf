/** Brings every page to life. */

import { startConfirming } from "./confirm.js";
import { startCopying } from "./copy.js";
import { startFolding, startThemeSwitch } from "./folds.js";
import { startForms } from "./forms.js";
import { startMenus } from "./menu.js";
import { startMorphing } from "./morph.js";
import { startNotices } from "./notice.js";
import { startRefreshing } from "./refresh.js";
import { startShortcuts } from "./shortcuts.js";
import { startClocks } from "./time.js";

startMorphing();
startConfirming();
startCopying();
startFolding();
startThemeSwitch();
startForms();
startMenus();
startNotices();
startShortcuts();
startClocks();
startRefreshing();
