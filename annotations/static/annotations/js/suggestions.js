// The suggestions page: the arrows go from one to the next, Delete dismisses the one in focus.
import { keysOf, meant } from "./shortcuts.js";

/** @param {KeyboardEvent} event */
function pressed(event) {
  const { target } = event;
  const row = target instanceof Element ? target.closest("[data-row]") : null;
  const [key] = keysOf(event);
  if (!row || key === undefined || event.repeat) return;
  const rows = [...document.querySelectorAll("[data-row]")];
  const here = rows.indexOf(row);
  const place = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: rows.length - 1 }[key];
  const wanted = place === undefined ? meant(event, { remove: row.querySelector("[data-dismiss]") }) : rows[Math.max(0, Math.min(rows.length - 1, place))].querySelector("[data-accept]");
  if (!(wanted instanceof HTMLElement)) return;
  event.preventDefault();
  if (place === undefined) wanted.click();
  else wanted.focus();
}

export function suggestionKeys() {
  document.getElementById("suggestions")?.addEventListener("keydown", pressed);
}
