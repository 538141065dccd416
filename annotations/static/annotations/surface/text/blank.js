/** @import { Span } from "../model/types.js" */

/** What no span begins or ends with: Unicode's White_Space, and what Python or JavaScript strip besides. As in text/blank.py. */
const BLANK = /[\u0009-\u000d\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]/;

/**
 * The span without blank characters at either end; null when it has no others.
 *
 * @param {string} exact its words
 * @param {Span} span
 * @returns {Span | null}
 */
export function trimmedIn(exact, { start, end }) {
  let [from, to] = [0, exact.length]; // blank characters are one unit and one code point each
  while (from < to && BLANK.test(exact[from])) from++;
  while (to > from && BLANK.test(exact[to - 1])) to--;
  return from < to ? { start: start + from, end: end - (exact.length - to) } : null;
}
