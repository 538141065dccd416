/** @import { Part, Span } from "../model/types.js" */
/** @import { Caret } from "./dom-text.js" */
import { trimmedIn } from "./blank.js";
import { LineOffsets, below } from "./offsets.js";
import { caretIn, isSeen, unitsBefore } from "./dom-text.js";
import { adler32 } from "./checksum.js";

/**
 * What the page lays out and paints together: whole lines with their line feeds, or a piece of a very long line.
 *
 * @typedef {object} Block
 * @property {number} place among the blocks
 * @property {HTMLElement} element
 * @property {Text} node its only one, unless another program changed the page
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

/**
 * The text as the page shows it, in blocks. The only one who knows how text becomes DOM.
 *
 * Other programs may put elements into the blocks: places are counted by the text alone. Where the DOM says other
 * words than the text it has no places at all.
 */
export class TextPane {
  /**
   * @param {HTMLElement} root
   * @param {number} [checksum] Adler-32 of the text's UTF-16 (little-endian) as the server has it
   */
  constructor(root, checksum) {
    this.root = root;
    this.checksum = checksum;
    /** @type {boolean | undefined} */
    this.genuine = undefined;
    /** Told which blocks got other nodes, whose ranges must be made anew. @type {((blocks: Block[]) => void)[]} */
    this.listeners = [];
    /** @type {Block[]} */
    this.blocks = [];
    let start = 0;
    for (const element of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(".block:not(.long), .long > span"))) {
      const text = element.textContent ?? "";
      const { firstChild } = element;
      const node = firstChild instanceof Text && firstChild.data === text ? firstChild : document.createTextNode(text);
      const offsets = new LineOffsets(text);
      this.blocks.push({ place: this.blocks.length, element, node, start, end: start + offsets.points, text, offsets });
      start += offsets.points;
    }
    this.length = start;
    /** What the root holds: blocks, or what holds the pieces of long ones. @type {Map<Element, Element[]>} */
    this.tops = new Map();
    for (const { element } of this.blocks) {
      const top = element.closest(".block") ?? element;
      this.tops.set(top, [...(this.tops.get(top) ?? []), element]);
    }
    this.starts = this.blocks.map((block) => block.start);
    /** @param {Element | null} element */
    this.isOwn = (element) => element !== null && this.byElement.has(element) && !element.shadowRoot;
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

  /** Whether the text of the page, as it was when this was made, is that of the server. */
  get isGenuine() {
    return (this.genuine ??= this.checksum === undefined || adler32(this.text) === this.checksum);
  }

  /**
   * Whether the DOM still says the block's text.
   *
   * @param {Block} block
   */
  isIntact({ element, node, text }) {
    if (!this.root.contains(element)) return false;
    return element.firstChild === node && element.childNodes.length === 1 ? node.data === text : element.textContent === text;
  }

  /** Whether the blocks stand in the root, in their order and with no text between them. */
  get isAssembled() {
    let next = 0;
    const walker = document.createTreeWalker(this.root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const block = this.byElement.get(/** @type {Element} */ (node));
      if (block ? block !== this.blocks[next++] || this.blockAround(node.parentNode) : node.nodeValue && !this.blockAround(node)) return false;
    }
    return next === this.blocks.length;
  }

  /** Put all blocks back into the root, whatever is there now. */
  assemble() {
    for (const [top, pieces] of this.tops) if (pieces[0] !== top) top.replaceChildren(...pieces);
    this.root.replaceChildren(...this.tops.keys());
  }

  /** Put the text back into a block. @param {Block} block */
  restore({ element, node, text }) {
    node.data = text;
    element.replaceChildren(node);
  }

  /**
   * The block around a node; null outside of all.
   *
   * @param {Node | null} node
   * @returns {Block | null}
   */
  blockAround(node) {
    for (let each = node; each && each !== this.root; each = each.parentNode) {
      const block = this.byElement.get(/** @type {Element} */ (each));
      if (block) return block;
    }
    return null;
  }

  /**
   * The code point at a place in the DOM; null outside the text and where the page says other words than the text.
   *
   * @param {Node} node
   * @param {number} offset
   */
  pointAt(node, offset) {
    const block = this.blockAround(node);
    if (block) return this.isIntact(block) ? block.start + block.offsets.toPoint(unitsBefore(block.element, node, offset)) : null;
    if (!this.root.contains(node) || !this.isAssembled) return null;
    const at = document.createRange();
    at.setStart(node, offset);
    return this.#firstAfter(at)?.start ?? this.length;
  }

  /**
   * What a range of the DOM takes in of the text.
   *
   * @param {Range} range
   * @returns {Part | null | undefined} with the words that the range says; null when it has nothing of the text, undefined
   *   when those are not the text's words or not all of them can be seen
   */
  within(range) {
    const { root } = this;
    if (!range.intersectsNode(root)) return null;
    const inside = range.cloneRange();
    if (!root.contains(inside.startContainer)) inside.setStart(root, 0);
    if (!root.contains(inside.endContainer)) inside.setEnd(root, root.childNodes.length);
    const exact = inside.toString();
    const start = this.pointAt(inside.startContainer, inside.startOffset);
    const end = this.pointAt(inside.endContainer, inside.endOffset);
    if (start === null || end === null) return exact === "" ? null : undefined;
    if (start >= end) return exact === "" ? null : undefined;
    return this.#says({ start, end }, exact) && isSeen(inside, this.isOwn) ? { start, end, exact } : undefined;
  }

  /**
   * The span with the words that the page shows there; null when those are not the text's words.
   *
   * @param {Span} span
   * @returns {Part | null}
   */
  shown({ start, end }) {
    const range = this.rangeOf({ start, end });
    const exact = range.toString();
    return this.#says({ start, end }, exact) && isSeen(range, this.isOwn) ? { start, end, exact } : null;
  }

  /**
   * @param {Span} span
   * @param {string} words
   */
  #says(span, words) {
    return this.isGenuine && words === this.exact(span) && this.blocksOf(span).every((block) => this.isIntact(block));
  }

  /** The first block that begins at or after a place outside of all. @param {Range} at */
  #firstAfter(at) {
    let low = 0;
    let high = this.blocks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at.comparePoint(this.blocks[middle].element, 0) < 0) low = middle + 1;
      else high = middle;
    }
    return this.blocks[low];
  }

  /**
   * The part of the span that this block shows; null when that is nothing, or other words.
   *
   * @param {Block} block
   * @param {Span} span
   */
  rangeIn(block, { start, end }) {
    const from = unitIn(block, start);
    const to = unitIn(block, end);
    if (from >= to || this.genuine === false || !this.isIntact(block)) return null;
    const [first, last] = [caretOf(block, from, "after"), caretOf(block, to, "before")];
    return new StaticRange({ startContainer: first.node, startOffset: first.offset, endContainer: last.node, endOffset: last.offset });
  }

  /**
   * A live range over the whole span, to measure it or to select it; near it where the page says other words.
   *
   * @param {Span} span
   */
  rangeOf({ start, end }) {
    const range = document.createRange();
    const [first, last] = [this.blockAt(start), this.blockAt(Math.max(start, end - 1))];
    const from = caretOf(first, unitIn(first, start), "after");
    const to = start < end ? caretOf(last, unitIn(last, end), "before") : from;
    range.setStart(from.node, from.offset);
    range.setEnd(to.node, to.offset);
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

  /** The span without white space around; null when nothing else is in it. @param {Span} span */
  trimmed(span) {
    return trimmedIn(this.exact(span), span);
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
 * @param {Block} block
 * @param {number} unit
 * @param {"after" | "before"} side
 * @returns {Caret}
 */
function caretOf({ element, node, text }, unit, side) {
  if (element.firstChild === node && node.data === text) return { node, offset: unit };
  return caretIn(element, unit, side) ?? { node, offset: Math.min(unit, node.data.length) };
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
