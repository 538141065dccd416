/** @import { Part, Span } from "./types.js" */
import { LineOffsets, below, pointsIn } from "./offsets.js";

/**
 * @typedef {object} Line
 * @property {HTMLElement} element
 * @property {number} start in code points of the whole text
 * @property {number} end
 * @property {string} text
 * @property {LineOffsets} offsets
 */

/** The text as the page shows it, one element a line. The only one who knows how text becomes DOM. */
export class TextPane {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {Line[]} */
    this.lines = Array.from(root.children, (child) => {
      const element = /** @type {HTMLElement} */ (child);
      const text = element.textContent ?? "";
      const start = Number(element.dataset.start);
      const offsets = new LineOffsets(text);
      return { element, start, end: start + offsets.points, text, offsets };
    });
    this.starts = this.lines.map((line) => line.start);
    this.byElement = new Map(this.lines.map((line) => [/** @type {Element} */ (line.element), line]));
  }

  get length() {
    return this.lines[this.lines.length - 1].end;
  }

  /**
   * The line in which a code point lies; a line feed belongs to the line it ends.
   *
   * @param {number} point
   */
  lineAt(point) {
    return this.lines[Math.max(0, below(this.starts, point + 1) - 1)];
  }

  /** @param {Span} span */
  linesOf({ start, end }) {
    const first = Math.max(0, below(this.starts, start + 1) - 1);
    return this.lines.slice(first, Math.max(first + 1, below(this.starts, end)));
  }

  /**
   * The words of a span.
   *
   * @param {Span} span
   */
  exact({ start, end }) {
    const words = this.linesOf({ start, end }).map((line) =>
      line.text.slice(line.offsets.toUnit(Math.max(start, line.start) - line.start), unitIn(line, end)),
    );
    const feeds = end > this.lineAt(end - 1).end ? "\n" : "";
    return words.join("\n") + feeds;
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
    const element = (node instanceof Element ? node : node.parentElement)?.closest("[data-start]");
    const line = element && this.byElement.get(element);
    if (line) {
      const unit = node instanceof Text ? offset : offset > 0 ? line.text.length : 0;
      return line.start + line.offsets.toPoint(unit);
    }
    if (node !== this.root) return null;
    return offset < this.lines.length ? this.lines[offset].start : this.length;
  }

  /**
   * The part of the span that this line shows; null when that is nothing.
   *
   * @param {Line} line
   * @param {Span} span
   */
  rangeIn(line, { start, end }) {
    const node = line.element.firstChild;
    const from = line.offsets.toUnit(Math.max(start, line.start) - line.start);
    const to = unitIn(line, end);
    if (!node || from >= to) return null;
    return new StaticRange({ startContainer: node, startOffset: from, endContainer: node, endOffset: to });
  }

  /**
   * A live range over the whole span, to measure it or to select it.
   *
   * @param {Span} span
   */
  rangeOf({ start, end }) {
    const range = document.createRange();
    const [first, last] = [this.lineAt(start), this.lineAt(Math.max(start, end - 1))];
    range.setStart(first.element.firstChild ?? first.element, first.offsets.toUnit(start - first.start));
    range.setEnd(last.element.firstChild ?? last.element, unitIn(last, end));
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
}

/**
 * @param {Line} line
 * @param {number} point
 */
function unitIn(line, point) {
  return line.offsets.toUnit(Math.min(point, line.end) - line.start);
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
