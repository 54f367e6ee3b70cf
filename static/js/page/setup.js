/** The setup link's token stands in the address's fragment, which never reaches a server by itself; the form sends it. */

const token = location.hash.slice(1);
const field = document.querySelector("input[name=token]");

if (token && field instanceof HTMLInputElement) {
  field.value = token;
  document.querySelector("[data-with-token]")?.removeAttribute("hidden");
  document.querySelector("[data-without-token]")?.setAttribute("hidden", "");
  document.getElementById("username")?.focus();
}
