// The user menu closes by Escape and by a click elsewhere, as menus do.
import { meant } from "./shortcuts.js";

export function userMenu() {
  const menu = document.querySelector("details.user-menu");
  if (!(menu instanceof HTMLDetailsElement)) return;
  document.addEventListener("click", (event) => {
    if (event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (!menu.open || !meant(event, { leave: true })) return;
    event.preventDefault();
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
}
