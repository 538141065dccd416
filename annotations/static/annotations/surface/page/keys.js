/** @import { Annotation } from "../model/types.js" */
/** @import { KeyboardCaret } from "../select/caret.js" */
/** @import { Commands } from "./commands.js" */
/** @import { Display } from "./display.js" */
/** @import { Edge } from "../text/span-edges.js" */
/** @import { Handles } from "../select/handles.js" */
/** @import { Inspector } from "../panel/inspector.js" */
/** @import { Direction } from "../select/caret-motion.js" */
/** @import { Palette } from "./palette.js" */
/** @import { Picker } from "../ui/picker.js" */
/** @import { Store } from "../model/store.js" */
/** @import { TagAll } from "../tag-all/tag-all.js" */
/** @import { TextPane } from "../text/text-pane.js" */
import { onShortcuts } from "../../js/keys/keydown.js";
import { isTyping } from "../../js/keys/shortcuts.js";
import { nearest } from "../text/span-edges.js";
import { KINDS } from "./palette.js";

/** Which end of the passage is moved, and where to. @type {Record<string, [Edge, Direction]>} */
const EDGES = { "start-back": ["start", -1], "start-on": ["start", 1], "end-back": ["end", -1], "end-on": ["end", 1] };

/**
 * The keys that work wherever the focus is, except while typing.
 *
 * @param {{ways: () => Record<string, () => void>, store: Store, pane: TextPane, commands: Commands, inspector: Inspector, palette: Palette, picker: Picker, caret: KeyboardCaret, tagAll: TagAll, handles: Handles, display: Display}} parts
 */
export function listenToKeys({ ways, store, pane, commands, inspector, palette, picker, caret, tagAll, handles, display }) {
  /** For everybody. @type {Record<string, () => void>} */
  const reading = {
    smaller: () => display.resize(-1),
    larger: () => display.resize(1),
    text: () => pane.root.focus({ preventScroll: true }),
    fields: () => (inspector.form ? inspector.form.focus() : inspector.root.focus()),
  };
  /** On the passage. @type {Record<string, () => void>} */
  const tagging = { again: () => palette.again(), ...Object.fromEntries(KINDS.map((kind) => [kind, () => palette.open(kind)])) };
  /** On the selected annotation, or the unfinished one. @type {Record<string, (current: Annotation) => void>} */
  const editing = {
    "add-part": (current) => commands.addPart(current),
    "remove-part": (current) => removePart(current),
    handles: () => handles.focus(caret.head),
    submit: () => inspector.submit(),
    everywhere: (current) => current !== store.draft && tagAll.open(current),
    remove: (current) => current !== store.draft && commands.remove(current),
  };
  const history = { undo: () => commands.history.undo(), redo: () => commands.history.redo() };

  onShortcuts(document, (event) => (document.querySelector("dialog[open]") ? null : offered(event)));

  /** @param {KeyboardEvent} event */
  function offered(event) {
    const typing = isTyping(event.target);
    const send = inspector.form && isInPanel(event.target) ? { send: () => inspector.save() } : {};
    const leave = document.querySelector(":popover-open") ? {} : { leave: () => putAway(typing) }; // the browser puts that away
    if (typing) return { ...send, ...leave };
    return { ...send, ...leave, ...ways(), ...reading, ...(store.place.may.tag && { ...writing(event), ...history }) };
  }

  /**
   * What can be done to the passage, or to the selected annotation.
   *
   * @param {KeyboardEvent} event
   * @returns {Record<string, () => void>}
   */
  function writing(event) {
    const { current, passage } = store;
    const edges = Object.entries(EDGES).map(([name, [edge, direction]]) => [name, () => nudge(edge, direction, event.altKey && !event.getModifierState("AltGraph"))]);
    const edits = current ? Object.entries(editing).map(([name, run]) => [name, () => edit(run)]) : [];
    return Object.fromEntries([...edges, ...edits, ...(passage ? Object.entries(tagging) : [])]);
  }

  /** Boxes outside the form have a sender of their own, as the note of a decision has. @param {EventTarget | null} target */
  function isInPanel(target) {
    if (!(target instanceof Element) || !isTyping(target)) return true;
    return inspector.root.contains(target) && !target.closest(".decision-bar");
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

  /**
   * One step at a time: what waits, the palette, the passage, the selection; out of a box that holds something unfinished.
   *
   * @param {boolean} typing
   */
  function putAway(typing) {
    if (handles.cancel()) return;
    if (picker.isWaiting) picker.stop();
    else if (palette.isOpen) palette.close();
    else if (store.passage) store.setPassage(null);
    else if (!store.draft || !inspector.isTypedInto) inspector.leave();
    else {
      if (typing) pane.root.focus({ preventScroll: true });
      inspector.leaveTyped();
    }
  }
}
