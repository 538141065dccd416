// The user menu closes by Escape and by a click elsewhere, as menus do.
import { onShortcuts } from "./keys/keydown.js";

export function userMenu() {
  const menu = document.querySelector("details.user-menu");
  if (!(menu instanceof HTMLDetailsElement)) return;
  document.addEventListener("click", (event) => {
    if (event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
  });
  const leave = () => {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  };
  onShortcuts(menu, () => (menu.open ? { leave } : null));
}
