/** Menus close when attention goes elsewhere. */

export function startMenus() {
  /** @type {NodeListOf<HTMLDetailsElement>} */
  const menus = document.querySelectorAll("details[data-menu]");
  document.addEventListener("click", ({ target }) => {
    for (const menu of menus) if (!(target instanceof Node && menu.contains(target))) menu.open = false;
  });
  document.addEventListener("keydown", ({ key }) => {
    for (const menu of menus) {
      if (key !== "Escape" || !menu.open) continue;
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
}
