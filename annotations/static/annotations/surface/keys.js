/** @import { Commands } from "./commands.js" */
/** @import { Inspector } from "./inspector.js" */
/** @import { Palette } from "./palette.js" */
/** @import { Picker } from "./picker.js" */
/** @import { Store } from "./store.js" */
import { isTyping } from "./dom.js";
import { KIND_KEYS } from "./palette.js";

/**
 * The keys that work wherever the focus is, except while typing.
 *
 * @param {{store: Store, commands: Commands, inspector: Inspector, palette: Palette, picker: Picker, help: HTMLDialogElement}} parts
 */
export function listenToKeys({ store, commands, inspector, palette, picker, help }) {
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
    if (key === "?") return () => help.showModal();
    return tag ? editing(key) : null;
  }

  /** @param {string} key */
  function editing(key) {
    const { current, passage } = store;
    const kind = KIND_KEYS[key];
    if (kind && passage) return () => palette.open(kind);
    if (!current) return null;
    if (key === "+") return () => commands.addPart(current);
    if (key === "s") return () => inspector.submit();
    if (key === "Delete" && current !== store.draft) return () => commands.remove(current);
    return null;
  }

  /** One step at a time: what waits, the palette, the passage, the selection. */
  function putAway() {
    if (picker.isWaiting) picker.stop();
    else if (palette.isOpen) palette.close();
    else if (store.passage) store.setPassage(null);
    else if (!store.draft || inspector.typed.size === 0) inspector.leave();
  }
}
