/** @import { Part, Span } from "../model/types.js" */
/** @import { Direction } from "../select/caret-motion.js" */
/** @import { TextPane } from "./text-pane.js" */
/** @import { Words } from "./word-borders.js" */

/** @typedef {"start" | "end"} Edge */

/** Where the ends of a span may go: to the edges of words, or of characters; never to nothing, nor to white space. */
export class SpanEdges {
  /**
   * @param {TextPane} pane
   * @param {Words} words
   */
  constructor(pane, words) {
    this.pane = pane;
    this.words = words;
  }

  /**
   * One word further, or one character; the span as it was where there is no further.
   *
   * @param {Span} span
   * @param {Edge} edge
   * @param {Direction} direction
   * @param {boolean} exactly by character
   */
  stepped(span, edge, direction, exactly) {
    /** @type {number | null} */
    let point = span[edge];
    while ((point = exactly ? this.words.borderFrom(point, direction) : this.#besideWord(point, edge, direction)) !== null) {
      const moved = this.#with(span, edge, point);
      if (!moved || moved[edge] !== span[edge]) return moved ?? span;
    }
    return span;
  }

  /**
   * To the code point under the pointer, as near as the other edge allows.
   *
   * @param {Span} span
   * @param {Edge} edge
   * @param {number} point
   * @param {boolean} exactly by character
   */
  dragged(span, edge, point, exactly) {
    const inside = edge === "start" ? Math.min(point, span.end - 1) : Math.max(point, span.start + 1) - 1;
    const touched = { start: inside, end: inside + 1 };
    const grown = exactly ? this.words.whole(touched) : (this.words.snapped(touched) ?? touched);
    return this.#with(span, edge, grown[edge]) ?? span;
  }

  /**
   * The first word of the wanted side beyond the point.
   *
   * @param {number} point
   * @param {Edge} edge
   * @param {Direction} direction
   */
  #besideWord(point, edge, direction) {
    const near = this.words.wordFrom(direction > 0 ? point : point - 1, direction);
    if (!near) return null;
    if ((near[edge] - point) * direction > 0) return near[edge];
    const next = this.words.wordFrom(direction > 0 ? near.end : near.start - 1, direction);
    return next && next[edge];
  }

  /**
   * @param {Span} span
   * @param {Edge} edge
   * @param {number} point
   */
  #with(span, edge, point) {
    const moved = { ...span, [edge]: point };
    return moved.start < moved.end ? this.pane.trimmed(moved) : null;
  }
}

/**
 * The span, cut off where the parts beside it begin.
 *
 * @param {Span[]} parts in the order of the text
 * @param {number} place of the part that becomes this span
 * @param {Span} span
 * @returns {Span}
 */
export function between(parts, place, { start, end }) {
  return { start: Math.max(start, parts[place - 1]?.end ?? 0), end: Math.min(end, parts[place + 1]?.start ?? Infinity) };
}

/**
 * The place of the part at the code point, or of the nearest one.
 *
 * @param {Span[]} parts
 * @param {number} point
 */
export function nearest(parts, point) {
  const away = parts.map(({ start, end }) => Math.max(start - point, point - end, 0));
  return away.indexOf(Math.min(...away));
}

/**
 * @param {Span[]} parts
 * @param {Span[]} others
 */
export function areSame(parts, others) {
  return parts.length === others.length && parts.every(({ start, end }, place) => start === others[place].start && end === others[place].end);
}
