/** @import { Annotation } from "./types.js" */
/** @import { KeyboardCaret } from "./caret.js" */
/** @import { Commands } from "./commands.js" */
/** @import { Display } from "./display.js" */
/** @import { Edge } from "./edges.js" */
/** @import { Handles } from "./handles.js" */
/** @import { Inspector } from "./inspector.js" */
/** @import { Direction } from "./motion.js" */
/** @import { Palette } from "./palette.js" */
/** @import { Picker } from "./picker.js" */
/** @import { Store } from "./store.js" */
/** @import { TagAll } from "./tagall.js" */
/** @import { TextPane } from "./text.js" */
import { isTyping } from "./dom.js";
import { nearest } from "./edges.js";
import { KIND_KEYS } from "./palette.js";

/** Which end of the passage a key moves, and where to. @type {Record<string, [Edge, Direction]>} */
const EDGE_KEYS = { "[": ["start", -1], "]": ["start", 1], "{": ["end", -1], "}": ["end", 1] };

/**
 * The keys that work wherever the focus is, except while typing.
 *
 * @param {{store: Store, pane: TextPane, commands: Commands, inspector: Inspector, palette: Palette, picker: Picker, caret: KeyboardCaret, tagAll: TagAll, handles: Handles, display: Display, help: HTMLDialogElement}} parts
 */
export function listenToKeys({ store, pane, commands, inspector, palette, picker, caret, tagAll, handles, display, help }) {
  /** For everybody. @type {Record<string, () => void>} */
  const reading = {
    "?": () => help.showModal(),
    "<": () => display.resize(-1),
    ">": () => display.resize(1),
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
    r: () => handles.focus(caret.head),
    s: () => inspector.submit(),
    a: (current) => current !== store.draft && tagAll.open(current),
    Delete: (current) => current !== store.draft && commands.remove(current),
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || document.querySelector("dialog[open]") || event.isComposing) return;
    if (event.key === "Escape" && document.querySelector(":popover-open")) return; // the browser puts that away
    const run = commandOf(event);
    if (!run) return;
    event.preventDefault();
    run();
  });

  /** @param {KeyboardEvent} event */
  function commandOf(event) {
    const { key, ctrlKey, metaKey, altKey, shiftKey, target } = event;
    const { tag } = store.place.may;
    const typing = isTyping(target);
    if (key === "Escape") return putAway;
    const edge = tag && !typing ? edgeOf(event) : null;
    if (edge) return () => nudge(...edge);
    if (ctrlKey || metaKey) {
      if (key === "Enter" && inspector.form) return () => inspector.save();
      const { history } = commands;
      const way = { z: shiftKey ? () => history.redo() : () => history.undo(), y: () => history.redo() }[key.toLowerCase()];
      return (tag && !typing && way) || null;
    }
    if (typing || altKey) return null;
    return reading[key] ?? (tag ? writing(key) : null);
  }

  /** @param {string} key */
  function writing(key) {
    const { current, passage } = store;
    if (passage && tagging[key]) return tagging[key];
    return current && editing[key] ? () => edit(editing[key]) : null;
  }

  /** @param {(current: Annotation) => void} run */
  function edit(run) {
    handles.settle();
    if (store.current) run(store.current);
  }

  /**
   * @param {Edge} edge
   * @param {Direction} direction
   * @param {boolean} exactly
   */
  function nudge(edge, direction, exactly) {
    if (store.passage) caret.nudge(edge, direction, exactly);
    else handles.nudge(edge, direction, exactly, caret.head);
  }

  /** Take away the part that the caret is on or nearest to. @param {Annotation} current */
  function removePart(current) {
    const { spans } = current;
    if (spans.length > 1) commands.removePart(current, spans[nearest(spans, caret.head)]);
  }

  /** One step at a time: what waits, the palette, the passage, the selection. */
  function putAway() {
    if (handles.cancel()) return;
    if (picker.isWaiting) picker.stop();
    else if (palette.isOpen) palette.close();
    else if (store.passage) store.setPassage(null);
    else if (!store.draft || !inspector.isTypedInto) inspector.leave();
  }
}

/**
 * Brackets that need AltGr are typed with it; Alt alone means: by character.
 *
 * @param {KeyboardEvent} event
 * @returns {[Edge, Direction, boolean] | null}
 */
function edgeOf(event) {
  const typed = event.getModifierState("AltGraph");
  const exactly = event.altKey && !typed;
  if ((event.ctrlKey || event.metaKey) && !typed) return null;
  const bracket = { BracketLeft: event.shiftKey ? "{" : "[", BracketRight: event.shiftKey ? "}" : "]" }[event.code] ?? "";
  const found = EDGE_KEYS[event.key] ?? (exactly ? EDGE_KEYS[bracket] : null);
  return found ? [...found, exactly] : null;
}
