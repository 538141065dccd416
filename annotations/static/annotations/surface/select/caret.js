/** @import { Span } from "../model/types.js" */
/** @import { Edge } from "../text/span-edges.js" */
/** @import { Direction, Unit } from "./caret-motion.js" */
/** @import { AnnotationsHere } from "../page/annotations-here.js" */
/** @import { Store } from "../model/store.js" */
/** @import { TextPane } from "../text/text-pane.js" */
/** @import { Words } from "../text/word-borders.js" */
import { onShortcuts, onWidgetKeys } from "../../js/keys/keydown.js";
import { CaretLine } from "./caret-line.js";
import { SpanEdges } from "../text/span-edges.js";
import { isRightToLeft } from "../text/direction.js";
import { CaretMotion } from "./caret-motion.js";

/** Where a key leads; null at an end of the text. @typedef {{to: Span | null, direction: Direction}} Move */

/**
 * Passages chosen by keys. The caret is a word, a sentence, or with Alt the place between two characters;
 * Shift stretches the passage from where the caret stood.
 */
export class KeyboardCaret {
  /**
   * @param {{store: Store, pane: TextPane, words: Words, reach: AnnotationsHere, onEnter: (place: Span) => void, announce: (sentence: string) => void}} parts
   */
  constructor({ store, pane, words, reach, onEnter, announce }) {
    this.store = store;
    this.pane = pane;
    this.words = words;
    this.reach = reach;
    this.onEnter = onEnter;
    this.announce = announce;
    this.motion = new CaretMotion(pane, words);
    this.edges = new SpanEdges(pane, words);
    this.beam = new CaretLine(pane);
    /** @type {Span | null} */
    this.anchor = null;
    /** @type {Span | null} */
    this.focus = null;
    /** The end of the passage that moves. */
    this.head = 0;
    /** Where rows are met on the way up and down, in CSS pixels. @type {number | undefined} */
    this.column = undefined;
    /** The passage that these keys made last. @type {Span | null} */
    this.made = null;
    onWidgetKeys("caret", pane.root, (key, event) => this.#pressed(key, event));
    onShortcuts(pane.root, () => ({ paragraph: () => this.#wholeParagraph() }));
    pane.root.addEventListener("focus", () => this.#arrived());
    pane.root.addEventListener("copy", (event) => this.#copied(event));
    store.on(["passage"], () => this.#adopt());
    store.on(["selected"], () => this.#follow());
  }

  /**
   * Stand on the word at this code point, without choosing it.
   *
   * @param {number} point
   */
  moveTo(point) {
    this.anchor = this.focus = this.words.wordFrom(point, 1);
    this.#stand(this.focus?.start ?? point);
  }

  /**
   * Move an end of the passage by a word, or by a character.
   *
   * @param {Edge} edge
   * @param {Direction} direction
   * @param {boolean} exactly
   */
  nudge(edge, direction, exactly) {
    const { passage } = this.store;
    if (!passage) return;
    this.made = this.anchor = this.focus = this.edges.stepped(passage, edge, direction, exactly);
    this.store.setPassage(this.made);
    this.#stand(this.made[edge]);
    this.#reveal();
    this.#tell();
  }

  /** Who came by keys sees at once where the caret is. */
  #arrived() {
    if (!this.focus && this.pane.root.matches(":focus-visible")) this.#stand(this.pane.firstVisible());
  }

  /**
   * @param {string} key
   * @param {KeyboardEvent} event
   */
  #pressed(key, event) {
    if (key === "Enter") return this.focus !== null && !event.ctrlKey && !event.metaKey && this.#entered(this.focus);
    return key === "Tab" ? this.#tabbed(event) : this.#moved(key, event);
  }

  /** @param {Span} at */
  #entered(at) {
    this.onEnter(at);
    this.announce(this.reach.name(this.store.selected, at));
    return true;
  }

  #wholeParagraph() {
    this.#make({ direction: 1, to: this.motion.wholeParagraph(this.focus ?? this.#firstVisible()) }, false);
    this.column = undefined;
  }

  /**
   * Through what lies under the caret; after the last one, and before the first, to where Tab leads otherwise.
   *
   * @param {KeyboardEvent} event
   */
  #tabbed(event) {
    const next = this.focus && this.reach.next(this.focus, this.store.selected, event.shiftKey ? -1 : 1);
    if (!next || event.ctrlKey || event.altKey || event.metaKey) return false;
    if (this.store.select(next) && this.focus) this.announce(this.reach.name(next, this.focus));
    return true;
  }

  /**
   * @param {string} key
   * @param {KeyboardEvent} event
   */
  #moved(key, event) {
    const move = this.#moveOf(event, key);
    if (!move) return false;
    this.#make(move, event.shiftKey);
    if (key !== "ArrowUp" && key !== "ArrowDown" && !key.startsWith("Page")) this.column = undefined;
    return true;
  }

  /**
   * @param {Move} move
   * @param {boolean} stretch
   */
  #make({ to, direction }, stretch) {
    if (to) this.#go(to, direction, stretch);
    else this.announce(direction > 0 ? "End of the text." : "Start of the text.");
  }

  /**
   * @param {KeyboardEvent} event
   * @param {string} key
   * @returns {Move | null} null for keys that lead nowhere
   */
  #moveOf(event, key) {
    const { motion } = this;
    const { altKey: exactly, ctrlKey, metaKey, shiftKey } = event;
    const far = ctrlKey || metaKey;
    const at = this.focus ?? this.#firstVisible();
    if (key === "ArrowRight" || key === "ArrowLeft") {
      const direction = (key === "ArrowRight") !== isRightToLeft(this.pane.lineAt(at.start).text) ? 1 : -1;
      return { direction, to: this.#aside(at, direction, exactly ? "character" : far ? "sentence" : "word", shiftKey) };
    }
    const [, direction] = /** @type {["", Direction]} */ (DIRECTIONS.find(([name]) => name === key) ?? ["", 0]);
    if (key === "ArrowUp" || key === "ArrowDown") {
      return { direction, to: far ? motion.paragraph(at, direction) : this.#across(at, direction, 0, exactly) };
    }
    if (exactly) return null;
    if (key === "PageUp" || key === "PageDown") {
      return far ? null : { direction, to: this.#across(at, direction, innerHeight * 0.8, false) ?? motion.endOfText(direction) };
    }
    return { direction, to: far ? motion.endOfText(direction) : motion.edgeOfRow(at, direction) };
  }

  /**
   * @param {Span} at
   * @param {Direction} direction
   * @param {Unit} unit
   * @param {boolean} stretch
   */
  #aside(at, direction, unit, stretch) {
    if (unit !== "character") return this.motion.aside(at, direction, unit);
    const { passage } = this.store;
    if (passage && !stretch) return direction > 0 ? { start: passage.end, end: passage.end } : { start: passage.start, end: passage.start };
    return this.motion.aside({ start: this.head, end: this.head }, direction, unit);
  }

  /**
   * @param {Span} at
   * @param {Direction} direction
   * @param {number} distance
   * @param {boolean} exactly
   */
  #across(at, direction, distance, exactly) {
    const { left, width } = this.motion.boxOf(at);
    this.column ??= left + Math.min(width, 8) / 2;
    return this.motion.across(at, { direction, distance, x: this.column, exactly });
  }

  /**
   * @param {Span} to
   * @param {Direction} direction
   * @param {boolean} stretch
   */
  #go(to, direction, stretch) {
    const between = to.start === to.end;
    if (!stretch || !this.anchor) this.anchor = to;
    else if (between) this.anchor = this.#tail();
    this.focus = to;
    const [start, end] = [Math.min(this.anchor.start, to.start), Math.max(this.anchor.end, to.end)];
    this.made = start < end ? this.pane.trimmed({ start, end }) : null;
    this.store.setPassage(this.made);
    const forward = stretch ? to.start >= this.anchor.start : direction > 0;
    this.#stand(forward ? to.end : to.start);
    this.#reveal();
    this.#tell();
  }

  /** The end of the passage that stays, as a place between characters. @returns {Span} */
  #tail() {
    const { start, end } = this.anchor ?? { start: this.head, end: this.head };
    const point = this.head > start ? start : end;
    return { start: point, end: point };
  }

  /** @param {number} head */
  #stand(head) {
    this.head = head;
    this.beam.show(head);
  }

  /** Go on from what was selected otherwise. */
  #adopt() {
    const { passage } = this.store;
    if (!passage || passage === this.made) return;
    this.anchor = this.focus = passage;
    this.column = undefined;
    this.#stand(passage.end);
  }

  /** Stand where the selected annotation is, unless the caret is on it already. */
  #follow() {
    const spans = this.store.current?.spans;
    const { focus } = this;
    if (!spans || (focus && spans.some(({ start, end }) => start <= focus.end && focus.start <= end))) return;
    this.moveTo(spans[0].start);
  }

  /** Soon, and once for several keys in a row. */
  #tell() {
    clearTimeout(this.telling);
    this.telling = setTimeout(() => {
      const { focus } = this;
      if (!focus) return;
      const shown = this.store.passage ?? { start: this.head, end: this.words.borderFrom(this.head, 1) ?? this.head };
      this.announce([this.#words(shown), this.reach.say(focus)].filter(Boolean).join(". "));
    }, PAUSE);
  }

  /** @param {Span} span */
  #words(span) {
    const words = this.pane.exact(span);
    if (!words.trim()) return words === "\n" || words === "" ? "End of the line" : "Space";
    return words.length > LONG ? `${words.slice(0, LONG / 2)} … ${words.slice(-LONG / 2)}` : words;
  }

  /** The browser copies its own selection; this one is ours. @param {ClipboardEvent} event */
  #copied(event) {
    const { passage } = this.store;
    if (!passage || getSelection()?.isCollapsed === false) return;
    event.clipboardData?.setData("text/plain", this.pane.exact(passage));
    event.preventDefault();
  }

  /** An empty place before the first line that the window shows. @returns {Span} */
  #firstVisible() {
    const point = this.pane.firstVisible();
    return { start: point, end: point };
  }

  #reveal() {
    const { top, bottom } = this.beam.place();
    if (top < 80 || bottom > innerHeight - 120) scrollBy({ top: top - innerHeight / 3 });
  }
}

/** @type {[string, Direction][]} */
const DIRECTIONS = [["ArrowUp", -1], ["ArrowDown", 1], ["PageUp", -1], ["PageDown", 1], ["Home", -1], ["End", 1]];
const PAUSE = 150; // milliseconds without a key before it is said where the caret is
const LONG = 160; // UTF-16 units of a passage that are read out
