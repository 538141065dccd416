/** @import { Annotation } from "./types.js" */
/** @import { KeyboardCaret } from "./caret.js" */
/** @import { Commands } from "./commands.js" */
/** @import { Inspector } from "./inspector.js" */
/** @import { Palette } from "./palette.js" */
/** @import { Picker } from "./picker.js" */
/** @import { Store } from "./store.js" */
/** @import { TextPane } from "./text.js" */
import { isTyping } from "./dom.js";
import { KIND_KEYS } from "./palette.js";

/**
 * The keys that work wherever the focus is, except while typing.
 *
 * @param {{store: Store, pane: TextPane, commands: Commands, inspector: Inspector, palette: Palette, picker: Picker, caret: KeyboardCaret, help: HTMLDialogElement}} parts
 */
export function listenToKeys({ store, pane, commands, inspector, palette, picker, caret, help }) {
  /** For everybody. @type {Record<string, () => void>} */
  const reading = {
    "?": () => help.showModal(),
    t: () => pane.root.focus({ preventScroll: true }),
    i: () => (inspector.form ? inspector.form.focus() : inspector.root.focus()),
  };
  /** On the passage. @type {Record<string, () => void>} */
  const tagging = {
    ".": () => palette.again(),
    ...Object.fromEntries(Object.entries(KIND_KEYS).map(([key, kind]) => [key, () => palette.open(kind)])),
  };
  /** On the selected annotation, or the unfinished one. @type {Record<string, (current: Annotation) => void>} */
  const editing = {
    "+": (current) => commands.addPart(current),
    "-": (current) => removePart(current),
    s: () => inspector.submit(),
    Delete: (current) => current !== store.draft && commands.remove(current),
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || help.open || event.isComposing) return;
    const run = commandOf(event);
    if (!run) return;
    event.preventDefault();
    run();
  });

  /** @param {KeyboardEvent} event */
  function commandOf({ key, ctrlKey, metaKey, altKey, target }) {
    const { tag } = store.place.may;
    const typing = isTyping(target);
    if (key === "Escape") return putAway;
    if (ctrlKey || metaKey) {
      if (key === "Enter" && inspector.form) return () => inspector.save();
      return key.toLowerCase() === "z" && tag && !typing ? () => commands.undo() : null;
    }
    if (typing || altKey) return null;
    return reading[key] ?? (tag ? writing(key) : null);
  }

  /** @param {string} key */
  function writing(key) {
    const { current, passage } = store;
    if (passage && tagging[key]) return tagging[key];
    return current && editing[key] ? () => editing[key](current) : null;
  }

  /** Take away the part that the caret is on, else the last one. @param {Annotation} current */
  function removePart(current) {
    const { spans } = current;
    if (spans.length > 1) commands.removePart(current, spans.find(({ start, end }) => start <= caret.head && caret.head <= end) ?? spans[spans.length - 1]);
  }

  /** One step at a time: what waits, the palette, the passage, the selection. */
  function putAway() {
    if (picker.isWaiting) picker.stop();
    else if (palette.isOpen) palette.close();
    else if (store.passage) store.setPassage(null);
    else if (!store.draft || inspector.typed.size === 0) inspector.leave();
  }
}
