/** @import { Span } from "../model/types.js" */
/** @import { TextPane } from "./text-pane.js" */
import { isRightToLeft } from "./direction.js";

/**
 * Where the beginning of a span is in the window. An empty one has no width; where a row ends, it is on the next one.
 *
 * @param {TextPane} pane
 * @param {Span} span
 */
export function boxOf(pane, { start, end }) {
  const [box] = pane.rangeOf({ start, end }).getClientRects();
  if (box && (start < end || start >= pane.length)) return box;
  const [next] = pane.rangeOf({ start, end: start + 1 }).getClientRects(); // also that of a line feed
  if (!next) return box ?? rowBelow(pane, start);
  if (box && next.top - box.top < box.height / 2) return box;
  return new DOMRect(isRightToLeft(pane.lineAt(start).text) ? next.right : next.left, next.top, 0, next.height);
}

/**
 * A blank line that the browser gives no box: the row after the character before it.
 *
 * @param {TextPane} pane
 * @param {number} point
 */
function rowBelow(pane, point) {
  const { left, top } = pane.root.getBoundingClientRect();
  const row = parseFloat(getComputedStyle(pane.root).lineHeight);
  const [before] = point > 0 ? pane.rangeOf({ start: point - 1, end: point }).getClientRects() : [];
  return new DOMRect(left, before ? before.top + row : top, 0, before?.height ?? row);
}
