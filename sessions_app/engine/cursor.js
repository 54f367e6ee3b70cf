/**
 * Draws where the mouse is, for pictures and for those who watch a program steer.
 *
 * It runs in a world of its own before the page's scripts. Only styles set by script and a shape without pictures:
 * a page's content policy forbids neither.
 */
(() => {
  if (globalThis.quarterdeckCursor) return;
  globalThis.quarterdeckCursor = true;

  const arrow = document.createElement("div");
  Object.assign(arrow.style, {
    position: "absolute",
    width: "18px",
    height: "26px",
    background: "#fff",
    clipPath: "polygon(0 0, 0 77%, 26% 60%, 44% 100%, 62% 92%, 44% 54%, 78% 54%)",
  });
  const heart = arrow.cloneNode();
  Object.assign(heart.style, { left: "1px", top: "2px", width: "14px", height: "20px", background: "#000" });
  const ring = document.createElement("div");
  Object.assign(ring.style, {
    position: "absolute",
    left: "-14px",
    top: "-14px",
    width: "28px",
    height: "28px",
    borderRadius: "50%",
    background: "rgb(64 128 255 / 40%)",
    visibility: "hidden",
  });
  const host = document.createElement("div");
  for (const [name, value] of Object.entries({
    all: "initial",
    position: "fixed",
    left: "0",
    top: "0",
    "z-index": "2147483647",
    "pointer-events": "none",
    visibility: "hidden",
    filter: "drop-shadow(0 1px 1px rgb(0 0 0 / 50%))",
  }))
    host.style.setProperty(name, value, "important");
  host.setAttribute("aria-hidden", "true");
  host.attachShadow({ mode: "closed" }).append(ring, arrow, heart);

  const show = (event) => {
    // A page may throw away all that is in it; the last in the document lies on top.
    if (!host.isConnected) document.documentElement?.append(host);
    host.style.setProperty("transform", `translate(${event.clientX}px, ${event.clientY}px)`, "important");
    host.style.setProperty("visibility", "visible", "important");
    ring.style.visibility = event.buttons ? "visible" : "hidden";
  };
  const hide = (event) => {
    if (event.relatedTarget === null) host.style.setProperty("visibility", "hidden", "important");
  };
  const listening = { capture: true, passive: true };
  for (const kind of ["mousemove", "mousedown", "mouseup"]) addEventListener(kind, show, listening);
  addEventListener("mouseout", hide, listening);
})();
