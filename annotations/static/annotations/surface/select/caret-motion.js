/** @import { Span } from "../model/types.js" */
/** @import { TextPane } from "../text/text-pane.js" */
/** @import { Words } from "../text/word-borders.js" */
import { boxOf } from "../text/boxes.js";

/** @typedef {1 | -1} Direction Towards the end of the text, or towards its start. */
/** @typedef {"character" | "word" | "sentence"} Unit */

/**
 * Where steps through the text lead. A place is a span: a word, a sentence, or the empty span between two characters.
 * Each step gives null at the end of the text.
 */
export class CaretMotion {
  /**
   * @param {TextPane} pane
   * @param {Words} words
   */
  constructor(pane, words) {
    this.pane = pane;
    this.words = words;
  }

  /**
   * @param {Span} at
   * @param {Direction} direction
   * @param {Unit} unit
   * @returns {Span | null}
   */
  aside(at, direction, unit) {
    const edge = direction > 0 ? at.end : at.start;
    if (unit === "character") return between(this.words.borderFrom(edge, direction));
    if (unit === "word") return this.words.wordFrom(direction > 0 ? edge : edge - 1, direction);
    const here = this.words.sentenceFrom(at.start, 1);
    const stands = here && at.start === here.start && at.end === here.end;
    return here && !stands ? here : this.words.sentenceFrom(direction > 0 ? edge : edge - 1, direction);
  }

  /**
   * To the row of the window that lies at least so far away, to what is nearest to `x` there.
   *
   * @param {Span} at
   * @param {{direction: Direction, distance: number, x: number, exactly: boolean}} way distance and x in CSS pixels
   * @returns {Span | null}
   */
  across(at, { direction, distance, x, exactly }) {
    const from = middle(this.boxOf(at));
    /** @type {Span | null} */
    let best = null;
    let row = NaN;
    for (let word = this.aside(at, direction, "word"); word; word = this.aside(word, direction, "word")) {
      const box = this.boxOf(word);
      if ((middle(box) - from) * direction < Math.max(distance, box.height / 2)) continue;
      if (best && Math.abs(middle(box) - row) > box.height / 2) break;
      if (!best || away(box, x) <= away(this.boxOf(best), x)) best = word;
      row = middle(box);
    }
    return best && exactly ? between(this.#nearest(best, x)) : best;
  }

  /**
   * The last word of the row in this direction.
   *
   * @param {Span} at
   * @param {Direction} direction
   */
  edgeOfRow(at, direction) {
    const box = this.boxOf(at);
    let last = at.start < at.end ? at : this.words.wordFrom(at.start, direction);
    for (let word = last; word; word = this.aside(word, direction, "word")) {
      if (Math.abs(middle(this.boxOf(word)) - middle(box)) > box.height / 2) break;
      last = word;
    }
    return last;
  }

  /**
   * The first word of the next line that has one.
   *
   * @param {Span} at
   * @param {Direction} direction
   */
  paragraph(at, direction) {
    const line = this.pane.lineAt(at.start);
    if (direction > 0) return this.words.wordFrom(line.end + 1, 1);
    const last = this.words.wordFrom(line.start - 1, -1);
    return last && this.words.wordFrom(this.pane.lineAt(last.start).start, 1);
  }

  /**
   * The first or the last word of the text.
   *
   * @param {Direction} direction
   */
  endOfText(direction) {
    return direction > 0 ? this.words.wordFrom(this.pane.length - 1, -1) : this.words.wordFrom(0, 1);
  }

  /**
   * All of the line, without white space around.
   *
   * @param {Span} at
   */
  wholeParagraph(at) {
    const { start, end } = this.pane.lineAt(at.start);
    return start < end ? this.pane.trimmed({ start, end }) : null;
  }

  /**
   * Where the beginning of a span is in the window.
   *
   * @param {Span} span
   */
  boxOf(span) {
    return boxOf(this.pane, span);
  }

  /**
   * The border between characters that is nearest to `x`.
   *
   * @param {Span} word
   * @param {number} x
   */
  #nearest({ start, end }, x) {
    let best = start;
    for (let border = /** @type {number | null} */ (start); border !== null && border <= end; border = this.words.borderFrom(border, 1)) {
      if (away(this.boxOf({ start: border, end: border }), x) < away(this.boxOf({ start: best, end: best }), x)) best = border;
    }
    return best;
  }
}

/** @param {number | null} point */
function between(point) {
  return point === null ? null : { start: point, end: point };
}

/** @param {DOMRect} box */
function middle({ top, height }) {
  return top + height / 2;
}

/**
 * How far a box is from `x`.
 *
 * @param {DOMRect} box
 * @param {number} x
 */
function away({ left, right }, x) {
  return Math.max(left - x, x - right, 0);
}
