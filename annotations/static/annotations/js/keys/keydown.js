// The listeners of keys; no other module has one. What a key means is in the table of shortcuts, or in the pattern of a widget.
import { meant, typedKey } from "./shortcuts.js";

const ARROWS_OF_LISTS = ["ArrowDown", "ArrowUp", "Home", "End"];

/**
 * Keys that belong to a widget and act inside it alone, as the patterns of WAI-ARIA have them, by the DOM's names. `rows`: the
 * lines of the table of shortcuts by which the help lists them; a combobox is as everywhere.
 *
 * @satisfies {Record<string, {keys: string[], rows: string[]}>}
 */
export const WIDGETS = {
  combobox: { keys: ["ArrowDown", "ArrowUp", "Enter", "Tab", "Escape"], rows: [] },
  caret: {
    keys: ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", "Enter", "Tab"],
    rows: ["by-word", "by-row", "by-character", "by-sentence", "by-paragraph", "row-ends", "by-screen", "stretch", "choose"],
  },
  handle: { keys: ["ArrowLeft", "ArrowRight", "Enter"], rows: ["handles"] },
  labels: { keys: ["ArrowDown", "ArrowUp", "Enter", ".", ..."0123456789"], rows: ["label", "again"] },
  tags: { keys: [...ARROWS_OF_LISTS, "PageDown", "PageUp"], rows: ["through-tags"] },
  found: { keys: [...ARROWS_OF_LISTS, "Enter"], rows: ["through-found", "check-found", "tag-found"] },
  search: { keys: ["Enter"], rows: ["next-found"] },
  suggestions: { keys: ARROWS_OF_LISTS, rows: ["through"] },
};

/**
 * Run what a key means of what is offered when it is pressed. What another listener took before is left alone.
 *
 * @param {EventTarget} target
 * @param {(event: KeyboardEvent) => Record<string, (() => void) | undefined> | null} offered by the names of the table
 */
export function onShortcuts(target, offered) {
  listen(target, (event) => {
    const run = meant(event, offered(event) ?? {});
    if (!run) return;
    event.preventDefault();
    run();
  });
}

/**
 * Run what a key of a widget's own does in it.
 *
 * @param {keyof typeof WIDGETS} widget
 * @param {EventTarget} target
 * @param {(key: string, event: KeyboardEvent) => boolean} act whether the key meant anything
 */
export function onWidgetKeys(widget, target, act) {
  const keys = /** @type {string[]} */ (WIDGETS[widget].keys);
  listen(target, (event) => {
    const key = typedKey(event);
    if (keys.includes(key) && act(key, event)) event.preventDefault();
  });
}

/**
 * @param {EventTarget} target
 * @param {(event: KeyboardEvent) => void} pressed
 */
function listen(target, pressed) {
  target.addEventListener("keydown", (event) => {
    if (!event.defaultPrevented && "key" in event) pressed(/** @type {KeyboardEvent} */ (event)); // a browser that fills in a form sends events without a key
  });
}
