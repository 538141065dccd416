/** @import { Part, Span } from "./types.js" */
import { LineOffsets, below, pointsIn } from "./offsets.js";

/**
 * What the page lays out and paints together: whole lines with their line feeds, or a piece of a very long line.
 *
 * @typedef {object} Block
 * @property {number} place among the blocks
 * @property {HTMLElement} element
 * @property {Text} node its only one
 * @property {number} start in code points of the whole text
 * @property {number} end where the next one begins
 * @property {string} text
 * @property {LineOffsets} offsets
 */

/**
 * A line of the text without its line feed; of a very long line, the piece in question.
 *
 * @typedef {object} Line
 * @property {number} start in code points of the whole text
 * @property {number} end
 * @property {string} text
 * @property {LineOffsets} offsets
 */

const UNITS_PER_ROW = 70; // about, where the text is as wide as it gets

/** The text as the page shows it, in blocks. The only one who knows how text becomes DOM. */
export class TextPane {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {Block[]} */
    this.blocks = [];
    let start = 0;
    for (const element of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(".block:not(.long), .long > span"))) {
      const node = /** @type {Text} */ (element.firstChild);
      const offsets = new LineOffsets(node.data);
      this.blocks.push({ place: this.blocks.length, element, node, start, end: start + offsets.points, text: node.data, offsets });
      start += offsets.points;
    }
    this.length = start;
    this.starts = this.blocks.map((block) => block.start);
    this.byElement = new Map(this.blocks.map((block) => [/** @type {Element} */ (block.element), block]));
    /** @type {Line | null} */
    this.line = null;
    this.#estimateHeights();
  }

  /**
   * The block in which a code point lies.
   *
   * @param {number} point
   */
  blockAt(point) {
    return this.blocks[Math.max(0, below(this.starts, point + 1) - 1)];
  }

  /** @param {Span} span */
  blocksOf({ start, end }) {
    const first = Math.max(0, below(this.starts, start + 1) - 1);
    return this.blocks.slice(first, Math.max(first + 1, below(this.starts, end)));
  }

  /**
   * The line in which a code point lies; a line feed belongs to the line it ends.
   *
   * @param {number} point
   * @returns {Line}
   */
  lineAt(point) {
    const known = this.line;
    if (known && point >= known.start && point < known.end) return known;
    const { start, text, offsets } = this.blockAt(point);
    const unit = offsets.toUnit(Math.max(0, point - start));
    const from = unit === 0 ? 0 : text.lastIndexOf("\n", unit - 1) + 1;
    const feed = text.indexOf("\n", unit);
    const words = text.slice(from, feed < 0 ? text.length : feed);
    const first = start + offsets.toPoint(from);
    const inLine = new LineOffsets(words);
    return (this.line = { start: first, end: first + inLine.points, text: words, offsets: inLine });
  }

  /** All of it. */
  get text() {
    return this.blocks.map((block) => block.text).join("");
  }

  /** Where the first line begins that the window shows. */
  firstVisible() {
    const block = this.#blockBelow(0);
    const seen = Math.max(0, block.element.getBoundingClientRect().top) + 8;
    return this.lineAt(this.pointUnder(this.root.getBoundingClientRect().left + 8, seen) ?? block.start).start;
  }

  /**
   * The code point at this height of the window, about.
   *
   * @param {number} y
   */
  pointAtHeight(y) {
    const { element, start, end } = this.#blockBelow(y);
    const { top, bottom } = element.getBoundingClientRect();
    return start + Math.max(0, Math.min(1, (y - top) / (bottom - top || 1))) * (end - start);
  }

  /**
   * Scroll so that the code point stands at this height of the window.
   *
   * @param {number} point
   * @param {number} y
   * @param {ScrollBehavior} [behavior]
   */
  bringTo(point, y, behavior = "instant") {
    const { top } = this.rangeOf({ start: point, end: point + 1 }).getBoundingClientRect();
    scrollBy({ top: top - y, behavior });
  }

  /**
   * Scroll to the span unless the middle of the window shows it already; smoothly if it is near.
   *
   * @param {Span} span
   */
  reveal(span) {
    const { top, bottom } = this.rangeOf(span).getBoundingClientRect();
    if (top >= innerHeight * 0.1 && bottom <= innerHeight * 0.6) return;
    const smooth = Math.abs(top) < innerHeight * 2 && !matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.bringTo(span.start, innerHeight * 0.25, smooth ? "smooth" : "instant");
  }

  /**
   * The words of a span.
   *
   * @param {Span} span
   */
  exact(span) {
    const [first, ...others] = this.blocksOf(span);
    const words = first.text.slice(unitIn(first, span.start), unitIn(first, span.end));
    return others.reduce((all, block) => all + block.text.slice(0, unitIn(block, span.end)), words);
  }

  /**
   * @param {Span} span
   * @returns {Part}
   */
  part({ start, end }) {
    return { start, end, exact: this.exact({ start, end }) };
  }

  /**
   * The code point at a place in the DOM; null outside the text.
   *
   * @param {Node} node
   * @param {number} offset
   */
  pointAt(node, offset) {
    const element = node instanceof Element ? node : node.parentElement;
    const block = element && this.byElement.get(element);
    if (block) {
      const unit = node instanceof Text ? offset : offset > 0 ? block.text.length : 0;
      return block.start + block.offsets.toPoint(unit);
    }
    if (!element || !this.root.contains(element)) return null;
    const next = element.children[offset];
    const after = next ? this.#blockIn(next)?.start : this.#blockIn(element.lastElementChild)?.end;
    return after ?? this.length;
  }

  /**
   * The part of the span that this block shows; null when that is nothing.
   *
   * @param {Block} block
   * @param {Span} span
   */
  rangeIn(block, { start, end }) {
    const from = unitIn(block, start);
    const to = unitIn(block, end);
    if (from >= to) return null;
    return new StaticRange({ startContainer: block.node, startOffset: from, endContainer: block.node, endOffset: to });
  }

  /**
   * A live range over the whole span, to measure it or to select it.
   *
   * @param {Span} span
   */
  rangeOf({ start, end }) {
    const range = document.createRange();
    const [first, last] = [this.blockAt(start), this.blockAt(Math.max(start, end - 1))];
    range.setStart(first.node, unitIn(first, start));
    range.setEnd(last.node, unitIn(last, end));
    return range;
  }

  /**
   * The code point under a place of the window; null where there is no character.
   *
   * @param {number} x
   * @param {number} y
   */
  pointUnder(x, y) {
    const caret = caretAt(x, y);
    const point = caret && this.pointAt(caret.node, caret.offset);
    if (point === null || point === undefined) return null;
    for (const start of [point, point - 1]) {
      if (start >= 0 && start < this.length && covers(this.rangeOf({ start, end: start + 1 }), x, y)) return start;
    }
    return null;
  }

  /**
   * The code point nearest to a place of the window, where the caret would go; null outside the text.
   *
   * @param {number} x
   * @param {number} y
   */
  pointNear(x, y) {
    const caret = caretAt(x, y);
    return caret && this.pointAt(caret.node, caret.offset);
  }

  /** @param {Span} span */
  trimmed({ start, end }) {
    const words = this.exact({ start, end });
    const before = pointsIn(words) - pointsIn(words.trimStart());
    const after = pointsIn(words) - pointsIn(words.trimEnd());
    return start + before < end - after ? { start: start + before, end: end - after } : null;
  }

  /** The first block that ends below this height of the window; else the last. @param {number} y */
  #blockBelow(y) {
    let low = 0;
    let high = this.blocks.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.blocks[middle].element.getBoundingClientRect().bottom > y) high = middle;
      else low = middle + 1;
    }
    return this.blocks[low];
  }

  /** @param {Element | null | undefined} element a block, or what holds the pieces of one */
  #blockIn(element) {
    return element && (this.byElement.get(element) ?? this.byElement.get(element.children[0]));
  }

  /** Blocks far from the window are not laid out: guess their rows, so that the scroll bar is about right. */
  #estimateHeights() {
    for (const { element, text } of this.blocks) {
      if (element.localName === "span") continue;
      const rows = text.split("\n").reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / UNITS_PER_ROW)), 0);
      element.style.containIntrinsicBlockSize = `auto ${text.endsWith("\n") ? rows - 1 : rows}lh`;
    }
  }
}

/**
 * @param {Block} block
 * @param {number} point
 */
function unitIn(block, point) {
  return block.offsets.toUnit(Math.max(0, Math.min(point, block.end) - block.start));
}

/**
 * @param {number} x
 * @param {number} y
 * @returns {{node: Node, offset: number} | null}
 */
function caretAt(x, y) {
  if ("caretPositionFromPoint" in document) {
    const position = document.caretPositionFromPoint(x, y);
    return position && { node: position.offsetNode, offset: position.offset };
  }
  const range = /** @type {any} */ (document).caretRangeFromPoint(x, y);
  return range && { node: range.startContainer, offset: range.startOffset };
}

/**
 * @param {Range} range
 * @param {number} x
 * @param {number} y
 */
function covers(range, x, y) {
  return Array.from(range.getClientRects()).some(
    (box) => x >= box.left && x <= box.right && y >= box.top - 4 && y <= box.bottom + 4,
  );
}
