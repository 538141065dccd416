/** @import { Span } from "../model/types.js" */
/** @import { TextPane } from "../text/text-pane.js" */
import { FoldedText } from "../text/search-folding.js";

/** Where an address leads. @typedef {{annotation: string} | {span: Span} | null} Target */

const LONG = 80; // UTF-16 units; of more words than these, only the first and the last are named
const FEW = 5; // words

/**
 * What the fragment of an address names: `a=` an annotation, `s=12-40` code points, `text=` words by the grammar of
 * Text Fragments (WICG), `[prefix-,]start[,end][,-suffix]`. Null when it is not there.
 *
 * @param {string} hash with its `#`
 * @param {TextPane} pane
 * @returns {Target}
 */
export function placeOf(hash, pane) {
  const named = new Map(hash.slice(1).split("&").map((each) => /** @type {[string, string]} */ (each.split(/=(.*)/s, 2))));
  const annotation = named.get("a");
  if (annotation) return { annotation: decoded(annotation) };
  const [, start, end] = /^(\d{1,9})-(\d{1,9})$/.exec(named.get("s") ?? "") ?? [];
  if (start) {
    const span = { start: Number(start), end: Math.min(Number(end), pane.length) };
    return span.start < span.end ? { span } : null;
  }
  const words = named.get("text");
  const span = words ? wordsAt(words, pane.text) : null;
  return span && { span };
}

/**
 * The address of a passage, or of an annotation on it. The words behind `:~:` are for browsers, which find them by
 * themselves where no script runs.
 *
 * @param {Span} span
 * @param {TextPane} pane
 * @param {string} [id] of an annotation
 */
export function addressOf(span, pane, id) {
  const place = id ? `a=${id}` : `s=${span.start}-${span.end}`;
  return `${location.origin}${location.pathname}#${place}:~:text=${directiveOf(span, pane)}`;
}

/**
 * The words of a passage as a text directive, with those before it in its line.
 *
 * @param {Span} span
 * @param {TextPane} pane
 */
function directiveOf({ start, end }, pane) {
  const line = pane.lineAt(start);
  const before = line.text.slice(0, line.offsets.toUnit(start - line.start)).trim().split(/\s+/u).slice(-FEW).join(" ");
  const exact = pane.exact({ start, end }).trim();
  const lines = exact.split(/\s*\n\s*/u);
  const isShort = lines.length === 1 && exact.length <= LONG;
  const words = isShort ? [exact] : [first(lines[0]), last(lines[lines.length - 1])];
  return [before && `${encoded(before)}-`, ...words.map(encoded)].filter(Boolean).join(",");
}

/**
 * The first place of a directive's words that stands between its prefix and its suffix.
 *
 * @param {string} directive
 * @param {string} text
 * @returns {Span | null}
 */
export function wordsAt(directive, text) {
  const parts = directive.split(",");
  const prefix = parts[0].endsWith("-") ? decoded((parts.shift() ?? "").slice(0, -1)) : "";
  const suffix = parts[parts.length - 1]?.startsWith("-") ? decoded((parts.pop() ?? "").slice(1)) : "";
  const [start, end] = parts.map(decoded);
  if (!start || parts.length > 2) return null;
  const folded = new FoldedText(text, true);
  for (let found = folded.next(start, 0); found; found = folded.next(start, found.to)) {
    const close = end ? folded.next(end, found.to) : found;
    if (!close) return null;
    if (folded.before(found.from).endsWith(folded.folded(prefix)) && folded.after(close.to).startsWith(folded.folded(suffix))) {
      return { start: found.start, end: close.end };
    }
  }
  return null;
}

/** @param {string} line */
function first(line) {
  return line.split(/\s+/u).slice(0, FEW).join(" ");
}

/** @param {string} line */
function last(line) {
  return line.split(/\s+/u).slice(-FEW).join(" ");
}

/** The dash has a meaning of its own there. @param {string} words */
function encoded(words) {
  return encodeURIComponent(words).replaceAll("-", "%2D");
}

/** @param {string} words */
function decoded(words) {
  try {
    return decodeURIComponent(words);
  } catch {
    return words; // a lone percent sign
  }
}
