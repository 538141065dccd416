/**
 * Reading text out of the DOM where other programs (extensions, translations) may have split it and put elements
 * of their own into it. Offsets are UTF-16 units, as in the DOM.
 */

/** @typedef {{node: Text, offset: number}} Caret */

const INK = /[\p{L}\p{N}\p{P}\p{S}]/u; // what takes room when it is shown

/**
 * How many units of the element's text stand before a place in it.
 *
 * @param {Element} element
 * @param {Node} node the element, or a descendant
 * @param {number} offset as in a Range
 */
export function unitsBefore(element, node, offset) {
  if (node === element.firstChild && node instanceof Text) return offset;
  const before = document.createRange();
  before.setStart(element, 0);
  before.setEnd(node, offset);
  return before.toString().length;
}

/**
 * The place that is so many units into the element's text, in the text node that holds the character after it, or
 * before it. Beyond the text it is the end.
 *
 * @param {Element} element
 * @param {number} unit
 * @param {"after" | "before"} side
 * @returns {Caret | null} null when the element has no text at all
 */
export function caretIn(element, unit, side) {
  const nodes = [...textsIn(element)];
  const [nth, offset] = placeAmong(nodes.map(({ data }) => data.length), unit, side);
  return nodes[nth] ? { node: nodes[nth], offset } : null;
}

/**
 * Where a unit stands among pieces that follow one another.
 *
 * @param {number[]} lengths of the pieces
 * @param {number} unit
 * @param {"after" | "before"} side which of two pieces that meet there: the one with the unit after it, or before it
 * @returns {[nth: number, offset: number]} the piece, and the unit in it
 */
export function placeAmong(lengths, unit, side) {
  let rest = unit;
  let last = -1;
  for (const [nth, length] of lengths.entries()) {
    if (length === 0) continue;
    if (rest < length || (rest === length && side === "before")) return [nth, rest];
    rest -= length;
    last = nth;
  }
  return last < 0 ? [0, 0] : [last, lengths[last]];
}

/**
 * Whether all words of the range are rendered: none is hidden by another program.
 *
 * @param {Range} range
 * @param {(element: Element | null) => boolean} isOwn whether text right in the element shows when the element does
 */
export function isSeen(range, isOwn) {
  const { commonAncestorContainer: around } = range;
  for (const node of around instanceof Text ? [around] : textsIn(around)) {
    if (range.intersectsNode(node) && !isRendered(node, range, isOwn)) return false;
  }
  return true;
}

/**
 * @param {Text} node
 * @param {Range} range
 * @param {(element: Element | null) => boolean} isOwn
 */
function isRendered(node, range, isOwn) {
  const part = document.createRange();
  part.setStart(node, node === range.startContainer ? range.startOffset : 0);
  part.setEnd(node, node === range.endContainer ? range.endOffset : node.data.length);
  if (!INK.test(part.toString())) return true;
  if (node.parentElement?.checkVisibility?.({ visibilityProperty: true, opacityProperty: true }) === false) return false;
  if (isOwn(node.parentElement)) return true; // to measure it, the browser would lay out blocks that are far away
  return Array.from(part.getClientRects()).some(({ width }) => width > 0);
}

/** @param {Node} around */
function* textsIn(around) {
  const walker = document.createTreeWalker(around, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_CDATA_SECTION);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) yield /** @type {Text} */ (node);
}
