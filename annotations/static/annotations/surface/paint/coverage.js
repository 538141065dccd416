/** @import { Span } from "../model/types.js" */

const LEAST = 0.35; // opacity of a row in which hardly anything is marked

/**
 * How much of each row of pixels the spans cover, when the whole text is so high.
 *
 * @param {Span[]} spans
 * @param {number} length of the text in code points
 * @param {number} height in pixels
 */
export function coveredRows(spans, length, height) {
  const scale = height / length;
  const rows = new Float32Array(Math.ceil(height) + 1);
  for (const { start, end } of spans) {
    for (let row = Math.floor(start * scale); row < end * scale; row++) rows[row] += Math.min(end * scale, row + 1) - Math.max(start * scale, row);
  }
  return rows;
}

/**
 * A row is the darker, the more of it is marked, so that dense texts still show where there is more.
 *
 * @param {number} covered
 */
export function opacityOf(covered) {
  return covered === 0 ? 0 : Math.min(1, LEAST + covered / 2);
}

/**
 * The code point at a height of the map, or the nearest one.
 *
 * @param {number} y in pixels from its top
 * @param {number} length of the text in code points
 * @param {number} height in pixels
 */
export function pointAt(y, length, height) {
  const share = Math.max(0, Math.min(1, y / height));
  return Math.min(length - 1, Math.floor(share * length));
}
