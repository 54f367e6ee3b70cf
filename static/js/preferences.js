// Runs before the first paint, so that nothing flashes: what this person chose on this device.
for (const name of ["theme", "rail", "panel", "wide", "keys", "zone"]) {
  try {
    const chosen = localStorage.getItem(`quarterdeck.${name}`);
    if (chosen) document.documentElement.dataset[name] = chosen;
  } catch {
    // Storage is switched off: the defaults stand.
  }
}
try {
  const dismissed = sessionStorage.getItem("quarterdeck.dismissed");
  if (dismissed) document.documentElement.dataset.dismissed = dismissed;
} catch {
  // Storage is switched off: nothing was kept.
}
