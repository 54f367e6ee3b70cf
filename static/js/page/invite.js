/**
 * An invitation's token stands in the address's fragment, which never reaches a server by itself; the form sends it. Who
 * logs in first finds it again in this tab.
 */

const KEPT = "quarterdeck.invitation";

const form = document.querySelector("form[data-open-invitation]");
const field = document.querySelector("input[name=token]");

function open() {
  if (!(form instanceof HTMLFormElement && field instanceof HTMLInputElement)) return;
  const token = location.hash.slice(1) || take();
  if (!token) return;
  field.value = token;
  form.hidden = false;
  document.querySelector("[data-without-token]")?.setAttribute("hidden", "");
  form.submit();
}

open();
// Who pastes the rest of the link into the address loads no new page.
addEventListener("hashchange", open);

document.querySelector("[data-keep-token]")?.addEventListener("click", () => {
  if (!(field instanceof HTMLInputElement)) return;
  try {
    sessionStorage.setItem(KEPT, field.value);
  } catch {
    // Storage is switched off: the link that was sent still works.
  }
});

function take() {
  try {
    const token = sessionStorage.getItem(KEPT);
    sessionStorage.removeItem(KEPT);
    return token ?? "";
  } catch {
    return "";
  }
}

export {};
