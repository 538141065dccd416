/**
 * The offsets of one line: code points, as the server counts, and UTF-16 units, as the DOM does.
 *
 * They differ only after characters beyond the Basic Multilingual Plane, whose places are found once.
 */
export class LineOffsets {
  /** @param {string} text */
  constructor(text) {
    /** Where the n-th character of two units begins, in code points. */
    this.wide = /** @type {number[]} */ ([]);
    for (const pair of text.matchAll(/[\ud800-\udbff][\udc00-\udfff]/g)) this.wide.push(pair.index - this.wide.length);
    this.units = text.length;
    this.points = text.length - this.wide.length;
  }

  /** @param {number} point */
  toUnit(point) {
    return point + below(this.wide, point);
  }

  /**
   * A unit inside a character counts as its beginning.
   *
   * @param {number} unit
   */
  toPoint(unit) {
    let low = 0;
    let high = this.wide.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.wide[middle] + middle < unit) low = middle + 1;
      else high = middle;
    }
    const inside = low > 0 && this.wide[low - 1] + low - 1 === unit - 1;
    return inside ? this.wide[low - 1] : unit - low;
  }
}

/**
 * How many of the sorted numbers are smaller.
 *
 * @param {number[]} sorted
 * @param {number} limit
 */
export function below(sorted, limit) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The length of a string in code points.
 *
 * @param {string} text
 */
export function pointsIn(text) {
  return new LineOffsets(text).points;
}
