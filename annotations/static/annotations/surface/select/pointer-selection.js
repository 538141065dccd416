/** @import { Display } from "../page/display.js" */
/** @import { Span } from "../model/types.js" */
/** @import { Store } from "../model/store.js" */
/** @import { Block } from "../text/text-pane.js" */
/** @import { TextPane } from "../text/text-pane.js" */
/** @import { Words } from "../text/word-borders.js" */
import { OTHER_WORDS } from "../text/integrity.js";

const SETTLED = 350; // milliseconds without a change: a selection by touch or by the browser's keys

/** Passages chosen by the browser's own selection: mouse, touch, caret browsing. And clicks on tags. */
export class PointerSelection {
  /**
   * @param {{store: Store, pane: TextPane, words: Words, display: Display, refuse: (sentence: string) => void, onPassage: () => void, onClick: (point: number | null) => void}} parts
   */
  constructor({ store, pane, words, display, refuse, onPassage, onClick }) {
    this.store = store;
    this.pane = pane;
    this.words = words;
    this.display = display;
    this.refuse = refuse;
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
      this.#wash((store.passage && this.#selected()) ?? null);
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
    if (span === null || this.#isKnown(span)) return;
    this.seen = span;
    const passage = span && (exactly ? this.pane.trimmed(this.words.whole(span)) : this.words.snapped(span));
    const isShown = !passage || this.pane.shown(passage) !== null;
    this.store.setPassage(passage && isShown ? passage : null);
    if (!span || !isShown) this.refuse(OTHER_WORDS);
    if (this.store.passage) this.onPassage();
  }

  /** @param {Span | undefined} span */
  #isKnown(span) {
    return span !== undefined && this.seen?.start === span.start && this.seen.end === span.end;
  }

  /**
   * What the browser has selected of the text; Firefox may have several ranges.
   *
   * @returns {Span | null | undefined} null for nothing of it, undefined when the page does not show just the text's words there
   */
  #selected() {
    const selection = getSelection();
    if (!selection || selection.isCollapsed) return null;
    const ranges = Array.from({ length: selection.rangeCount }, (_, nth) => selection.getRangeAt(nth));
    const found = ranges.map((range) => this.pane.within(range)).filter((part) => part !== null);
    const [first, last] = [found.at(0), found.at(-1)];
    if (!first || !last) return found.length === 0 ? null : undefined;
    const follow = found.every((part, nth) => nth === 0 || part?.start === found[nth - 1]?.end);
    return follow ? { start: first.start, end: last.end } : undefined;
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
