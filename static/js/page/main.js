/** Brings every page to life. */

import { startAlerts } from "./alerts.js";
import { startCharts } from "./charts.js";
import { startConfirming } from "./confirm.js";
import { startCopying } from "./copy.js";
import { startFolding } from "./folds.js";
import { startForms } from "./forms.js";
import { startHelp } from "./help.js";
import { startMenus } from "./menu.js";
import { startMorphing } from "./morph.js";
import { startNotices } from "./notice.js";
import { startPreferences } from "./preferences.js";
import { startRefreshing } from "./refresh.js";
import { startShortcuts } from "./shortcuts.js";
import { startClocks } from "./time.js";

startMorphing();
startConfirming();
startCopying();
startFolding();
startPreferences();
startForms();
startMenus();
startNotices();
startShortcuts();
startHelp();
startClocks();
startAlerts();
startCharts();
startRefreshing();
