/** @import { Span } from "./types.js" */
/** @import { Store } from "./store.js" */
/** @import { Line, TextPane } from "./text.js" */
/** @import { Words } from "./words.js" */

/** Passages chosen by keys: the caret is a word or a sentence, Shift stretches it from where it stood. */
export class KeyboardCaret {
  /**
   * @param {{store: Store, pane: TextPane, words: Words, onEnter: (point: number) => void}} parts
   */
  constructor({ store, pane, words, onEnter }) {
    this.store = store;
    this.pane = pane;
    this.words = words;
    this.onEnter = onEnter;
    /** @type {Span | null} */
    this.anchor = null;
    /** @type {Span | null} */
    this.focus = null;
    pane.root.addEventListener("keydown", (event) => this.#pressed(event));
  }

  /**
   * Stand on the word at this code point, without choosing it.
   *
   * @param {number} point
   */
  moveTo(point) {
    this.anchor = this.focus = this.words.wordFrom(point, 1);
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.metaKey) return;
    if (event.key === "Enter" && this.focus) this.onEnter(this.focus.start);
    else if (!this.#moved(event)) return;
    event.preventDefault();
  }

  /** @param {KeyboardEvent} event */
  #moved({ key, shiftKey, ctrlKey, altKey }) {
    const target = this.#target(key, ctrlKey || altKey);
    if (target === undefined) return false;
    if (!target) return true; // the end of the text
    this.focus = target;
    if (!shiftKey || !this.anchor) this.anchor = target;
    const start = Math.min(this.anchor.start, target.start);
    this.store.setPassage({ start, end: Math.max(this.anchor.end, target.end) });
    this.#show(target);
    return true;
  }

  /**
   * Where a key leads: undefined for keys that lead nowhere, null at the end of the text.
   *
   * @param {string} key
   * @param {boolean} bySentence
   * @returns {Span | null | undefined}
   */
  #target(key, bySentence) {
    const at = this.focus ?? this.#firstVisible();
    if (key === "ArrowRight" || key === "ArrowLeft") {
      const direction = (key === "ArrowRight") !== this.#isRightToLeft(at) ? 1 : -1;
      return this.#step(at, direction, bySentence);
    }
    if (key === "ArrowDown" || key === "ArrowUp") return this.#paragraph(at, key === "ArrowDown" ? 1 : -1);
    const line = this.pane.lineAt(at.start);
    if (key === "Home") return this.words.wordFrom(line.start, 1);
    if (key === "End") return this.words.wordFrom(line.end - 1, -1);
    return undefined;
  }

  /**
   * @param {Span} at
   * @param {1 | -1} direction
   * @param {boolean} bySentence
   */
  #step(at, direction, bySentence) {
    if (!bySentence) return this.words.wordFrom(direction > 0 ? at.end : at.start - 1, direction);
    const here = this.words.sentenceFrom(at.start, 1);
    const stands = here && at.start === here.start && at.end === here.end;
    if (here && !stands) return here;
    return this.words.sentenceFrom(direction > 0 ? at.end : at.start - 1, direction);
  }

  /**
   * The first word of the next line that has one.
   *
   * @param {Span} at
   * @param {1 | -1} direction
   */
  #paragraph(at, direction) {
    const here = this.pane.lines.indexOf(this.pane.lineAt(at.start));
    for (let place = here + direction; place >= 0 && place < this.pane.lines.length; place += direction) {
      const line = this.pane.lines[place];
      const word = line.text && this.words.wordFrom(line.start, 1);
      if (word && word.start < line.end) return word;
    }
    return null;
  }

  /** An empty span before the first line that the window shows. @returns {Span} */
  #firstVisible() {
    const line = this.pane.lines.find(({ element }) => element.getBoundingClientRect().bottom > 0);
    const point = line?.start ?? 0;
    return { start: point, end: point };
  }

  /** @param {Span} at */
  #isRightToLeft(at) {
    return getComputedStyle(this.pane.lineAt(at.start).element).direction === "rtl";
  }

  /** @param {Span} span */
  #show(span) {
    const { top, bottom } = this.pane.rangeOf(span).getBoundingClientRect();
    if (top < 80 || bottom > innerHeight - 120) scrollBy({ top: top - innerHeight / 3 });
  }
}
