// The keys of all pages: to what a page marks with data-key, through its lists, and in its text boxes.
import { keysHelp, room } from "./help.js";
import { onShortcuts } from "./keydown.js";
import { SHORTCUTS, areSingleKeysOn, isTextBox, isTyping, switchSingleKeys } from "./shortcuts.js";

const ITEMS = "main :is(.line-words a, .row-title, [data-accept])"; // what each line of a list leads to

/** What a page may mark with one of its keys. */
const MARKED = SHORTCUTS.filter(({ name }) => ["approve", "return", "reject", "next", "previous"].includes(name));

/** Which decision waits for its note. @type {HTMLElement | null} */
let begun = null;

export function pageKeys() {
  const help = keysHelp();
  keySwitch();
  // On the window, so that what a part of the page does with a key comes first.
  onShortcuts(window, ({ repeat, target }) => (repeat ? null : isTyping(target) ? inBox(target) : document.querySelector("dialog[open]") ? null : outside(help)));
}

/** @param {HTMLDialogElement} help */
function outside(help) {
  const marked = Object.fromEntries(MARKED.flatMap(({ name, keys }) => {
    const action = document.querySelector(keys.map((key) => `[data-key="${key}"]:not(:disabled)`).join());
    return action instanceof HTMLElement ? [[name, () => act(action)]] : [];
  }));
  const box = document.querySelector('main input[type="search"]');
  const through = room() === "tagging" ? {} : { next: step(1), previous: step(-1) };
  return { help: () => help.showModal(), ...(box instanceof HTMLInputElement && { find: () => box.focus() }), ...through, ...marked };
}

/** A decision without the note that it needs asks for it first. @param {HTMLElement} action */
function act(action) {
  const note = document.getElementById("id_note");
  const waits = "needsNote" in action.dataset && note instanceof HTMLTextAreaElement && !note.value.trim();
  if (!waits) return action.click();
  begun = action;
  note.focus();
}

/** To the line of the list after the one in focus, or before. @param {1 | -1} direction */
function step(direction) {
  return () => {
    const items = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(ITEMS)]);
    const focus = document.activeElement;
    const here = items.findIndex((item) => item === focus || item.closest("li, tr")?.contains(focus));
    const next = here < 0 ? (direction > 0 ? 0 : items.length - 1) : here + direction;
    items[Math.max(0, Math.min(items.length - 1, next))]?.focus();
  };
}

/** @param {EventTarget | null} target */
function inBox(target) {
  if (!isTextBox(target)) return null;
  const box = /** @type {HTMLInputElement | HTMLTextAreaElement} */ (target);
  const send = sender(box);
  const inDialog = box.closest("dialog[open]") !== null; // the browser closes it
  return { ...(send && { send }), ...(!inDialog && { leave: () => box.blur() }) };
}

/**
 * What sends the box: the decision that asked for a note, what the form marks, else what Enter would press.
 *
 * @param {HTMLInputElement | HTMLTextAreaElement} box
 */
function sender(box) {
  const form = box.form;
  const around = form ?? box.closest("section, [role=dialog], dialog");
  const marked = begun?.isConnected && around?.contains(begun) ? begun : around?.querySelector("[data-send]:not(:disabled)");
  if (marked instanceof HTMLElement) return () => marked.click();
  const button = form && [...form.elements].find((each) => each instanceof HTMLButtonElement && each.type === "submit" && !each.disabled);
  return button instanceof HTMLElement ? () => button.click() : form ? () => form.requestSubmit() : null;
}

function keySwitch() {
  const row = document.querySelector("[data-keys-switch]");
  const box = document.getElementById("keys-on");
  if (!(row instanceof HTMLElement) || !(box instanceof HTMLInputElement)) return;
  row.hidden = false;
  box.checked = areSingleKeysOn();
  box.addEventListener("change", () => switchSingleKeys(box.checked));
}
