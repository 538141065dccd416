/** @import { Annotation, Span } from "./types.js" */

/** @typedef {Span & {id: string, lane: number}} Entry A part of an annotation and the underline it gets. */

export const LANES = 3;

/** @param {Entry} a @param {Entry} b */
function byPlace(a, b) {
  return a.start - b.start || b.end - a.end || (a.id < b.id ? -1 : 1);
}

/** Which parts lie at a point or meet a span, in logarithmic time: a sorted, implicit interval tree. */
export class IntervalIndex {
  /** @param {Iterable<Annotation>} annotations quickest when they come by their place */
  constructor(annotations) {
    /** @type {Entry[]} */
    this.entries = [];
    let isSorted = true;
    for (const { id, spans } of annotations) {
      for (const { start, end } of spans) {
        const entry = { id, start, end, lane: 0 };
        isSorted &&= this.entries.length === 0 || byPlace(this.entries[this.entries.length - 1], entry) < 0;
        this.entries.push(entry);
      }
    }
    if (!isSorted) this.entries.sort(byPlace);
    this.furthest = new Int32Array(this.entries.length);
    this.#measure(0, this.entries.length);
    this.#assignLanes();
  }

  /**
   * The parts that share a code point with the span, by their start.
   *
   * @param {Span} span
   * @returns {Entry[]}
   */
  meeting({ start, end }) {
    /** @type {Entry[]} */
    const found = [];
    this.#collect(0, this.entries.length, start, end, found);
    return found;
  }

  /**
   * The ids of what lies at the code point, the shortest part first.
   *
   * @param {number} point
   */
  at(point) {
    const parts = this.meeting({ start: point, end: point + 1 });
    parts.sort((a, b) => a.end - a.start - (b.end - b.start) || (a.id < b.id ? -1 : 1));
    return [...new Set(parts.map((part) => part.id))];
  }

  /**
   * @param {number} low
   * @param {number} high
   * @returns {number}
   */
  #measure(low, high) {
    if (low >= high) return -1;
    const middle = (low + high) >> 1;
    const below = Math.max(this.#measure(low, middle), this.#measure(middle + 1, high));
    return (this.furthest[middle] = Math.max(this.entries[middle].end, below));
  }

  /**
   * @param {number} low
   * @param {number} high
   * @param {number} start
   * @param {number} end
   * @param {Entry[]} found
   */
  #collect(low, high, start, end, found) {
    if (low >= high) return;
    const middle = (low + high) >> 1;
    if (this.furthest[middle] <= start) return;
    this.#collect(low, middle, start, end, found);
    const entry = this.entries[middle];
    if (entry.start >= end) return;
    if (entry.end > start) found.push(entry);
    this.#collect(middle + 1, high, start, end, found);
  }

  /** Parts that overlap get different lanes while there are any, so that their underlines stack. */
  #assignLanes() {
    const free = new Array(LANES).fill(0);
    for (const entry of this.entries) {
      const lane = free.findIndex((end) => end <= entry.start);
      entry.lane = lane < 0 ? LANES - 1 : lane;
      free[entry.lane] = Math.max(free[entry.lane], entry.end);
    }
  }
}
