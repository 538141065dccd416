/** @import { Display } from "./display.js" */
/** @import { Span } from "./types.js" */
/** @import { Store } from "./store.js" */
/** @import { Block } from "./text.js" */
/** @import { TextPane } from "./text.js" */
/** @import { Words } from "./words.js" */

const SETTLED = 350; // milliseconds without a change: a selection by touch or by the browser's keys

/** Passages chosen by the browser's own selection: mouse, touch, caret browsing. And clicks on tags. */
export class PointerSelection {
  /**
   * @param {{store: Store, pane: TextPane, words: Words, display: Display, onPassage: () => void, onClick: (point: number | null) => void}} parts
   */
  constructor({ store, pane, words, display, onPassage, onClick }) {
    this.store = store;
    this.pane = pane;
    this.words = words;
    this.display = display;
    this.onPassage = onPassage;
    this.pressed = false;
    this.timer = 0;
    /** What was taken last. @type {Span | undefined} */
    this.seen = undefined;
    /** Where the browser's own wash is off, since the passage has one. @type {Block[]} */
    this.washed = [];
    pane.root.addEventListener("pointerdown", () => {
      this.pressed = true;
      this.#wash(null);
    });
    document.addEventListener("pointerup", (event) => this.#released(event.altKey === display.snaps));
    document.addEventListener("pointercancel", () => (this.pressed = false)); // a touch became a long press
    document.addEventListener("selectionchange", () => this.#changed());
    pane.root.addEventListener("click", ({ clientX, clientY }) => {
      if (getSelection()?.isCollapsed !== false) onClick(pane.pointUnder(clientX, clientY));
    });
    store.on(["passage"], () => {
      this.#wash(store.passage && this.#selected());
      if (!store.passage) this.#forget();
    });
  }

  /** @param {boolean} exactly as selected, without snapping to words */
  #released(exactly) {
    if (!this.pressed) return;
    this.pressed = false;
    setTimeout(() => this.#take(exactly)); // the browser settles the selection after this event
  }

  #changed() {
    clearTimeout(this.timer);
    if (!this.pressed) this.timer = setTimeout(() => this.#take(!this.display.snaps), SETTLED);
  }

  /** @param {boolean} exactly */
  #take(exactly) {
    clearTimeout(this.timer);
    const span = this.#selected();
    if (!span || this.#isKnown(span)) return;
    this.seen = span;
    this.store.setPassage(exactly ? this.pane.trimmed(this.words.whole(span)) : this.words.snapped(span));
    if (this.store.passage) this.onPassage();
  }

  /** @param {Span} span */
  #isKnown(span) {
    return this.seen?.start === span.start && this.seen.end === span.end;
  }

  /** @returns {Span | null} */
  #selected() {
    const selection = getSelection();
    if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
    const range = selection.getRangeAt(0);
    if (!range.intersectsNode(this.pane.root)) return null;
    const start = this.pane.pointAt(range.startContainer, range.startOffset) ?? 0;
    const end = this.pane.pointAt(range.endContainer, range.endOffset) ?? this.pane.length;
    return start < end ? { start, end } : null;
  }

  /** Take the browser's own wash from what is selected; while one selects it shows. @param {Span | null} span */
  #wash(span) {
    for (const { element } of this.washed) element.removeAttribute("data-passage");
    this.washed = span ? this.pane.blocksOf(span) : []; // not from the whole text: the browser would style all of it anew
    for (const { element } of this.washed) element.setAttribute("data-passage", "");
  }

  #forget() {
    this.seen = undefined;
    const selection = getSelection();
    if (selection && !selection.isCollapsed && this.pane.root.contains(selection.anchorNode)) selection.removeAllRanges();
  }
}
