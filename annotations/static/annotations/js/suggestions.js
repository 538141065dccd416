// The suggestions page: the arrows go from one to the next, Delete dismisses the one in focus.
import { onShortcuts, onWidgetKeys } from "./keys/keydown.js";

/**
 * To another line of the list.
 *
 * @param {string} key
 * @param {KeyboardEvent} event
 */
function move(key, { target, repeat, ctrlKey, metaKey, altKey }) {
  const row = rowOf(target);
  if (!row || repeat || ctrlKey || metaKey || altKey) return false;
  const rows = [...document.querySelectorAll("[data-row]")];
  const here = rows.indexOf(row);
  const place = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: rows.length - 1 }[key] ?? here;
  const wanted = rows[Math.max(0, Math.min(rows.length - 1, place))].querySelector("[data-accept]");
  if (wanted instanceof HTMLElement) wanted.focus();
  return wanted !== null;
}

/** @param {EventTarget | null} target */
function rowOf(target) {
  return target instanceof Element ? target.closest("[data-row]") : null;
}

export function suggestionKeys() {
  const list = document.getElementById("suggestions");
  if (!list) return;
  onWidgetKeys("suggestions", list, move);
  onShortcuts(list, ({ target, repeat }) => {
    const dismiss = rowOf(target)?.querySelector("[data-dismiss]");
    return dismiss instanceof HTMLElement && !repeat ? { remove: () => dismiss.click() } : null;
  });
}
