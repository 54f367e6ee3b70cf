// Runs before the first paint, so that nothing flashes: what this person chose to look at, on this device.
for (const name of ["theme", "rail", "panel"]) {
  try {
    const chosen = localStorage.getItem(`quarterdeck.${name}`);
    if (chosen) document.documentElement.dataset[name] = chosen;
  } catch {
    // Storage is switched off: the defaults stand.
  }
}
