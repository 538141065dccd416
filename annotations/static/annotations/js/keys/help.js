// The list of all keys of a page, made from the table of shortcuts. Opened by ? and by every button with data-show-keys.
import { SHORTCUTS, areSingleKeysOn, onThisKeyboard, switchSingleKeys, written } from "./shortcuts.js";

/** @typedef {import("./shortcuts.js").Room} Room */
/** @typedef {import("./shortcuts.js").Shortcut} Shortcut */

/** What this page is for. @returns {Room} */
export function room() {
  return /** @type {Room} */ (document.body.dataset.keys ?? "lists");
}

/** @returns {HTMLDialogElement} */
export function keysHelp() {
  const dialog = document.createElement("dialog");
  dialog.id = "keys-help";
  dialog.className = "keys";
  dialog.setAttribute("aria-labelledby", "keys-title");
  dialog.innerHTML = `<form method="dialog">
      <header class="keys-head"><h2 id="keys-title">Keys</h2><button class="button" value="close">Close</button></header>
      <div class="keys-groups"></div>
    </form>
    <p class="check"><input type="checkbox" id="single-keys"> <label for="single-keys">Use single letters and signs as keys</label></p>
    <p class="keys-note">Keys go by what they type; on keyboards for other scripts, by their position. ${onThisKeyboard("Dragging over the text selects whole words; with Alt, characters.")}</p>`;
  const groups = /** @type {HTMLElement} */ (dialog.querySelector(".keys-groups"));
  for (const [title, shortcuts] of grouped(room())) groups.append(section(title, shortcuts));
  const box = /** @type {HTMLInputElement} */ (dialog.querySelector("input"));
  box.checked = areSingleKeysOn();
  box.addEventListener("change", () => switchSingleKeys(box.checked));
  document.body.append(dialog);
  document.addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest("[data-show-keys]")) dialog.showModal();
  });
  for (const button of document.querySelectorAll(".footer [data-show-keys]")) if (button instanceof HTMLElement) button.hidden = false;
  return dialog;
}

/** @param {Room} here */
function grouped(here) {
  /** @type {Map<string, Shortcut[]>} */
  const groups = new Map();
  for (const shortcut of SHORTCUTS) {
    if (shortcut.on && !shortcut.on.includes(here)) continue;
    groups.set(shortcut.group, [...(groups.get(shortcut.group) ?? []), shortcut]);
  }
  return groups;
}

/**
 * @param {string} title
 * @param {Shortcut[]} shortcuts
 */
function section(title, shortcuts) {
  const list = document.createElement("dl");
  for (const shortcut of shortcuts) {
    const [term, about] = [document.createElement("dt"), document.createElement("dd")];
    term.append(...written(shortcut).flatMap((key) => [key === "…" ? "…" : element("kbd", key), " "]));
    about.textContent = onThisKeyboard(shortcut.title);
    list.append(term, about);
  }
  const all = document.createElement("section");
  all.append(element("h3", title), list);
  return all;
}

/**
 * @param {string} tag
 * @param {string} text
 */
function element(tag, text) {
  return Object.assign(document.createElement(tag), { textContent: text });
}
