/** @import { Span } from "./types.js" */
import { below } from "./offsets.js";

const QUOTES = /[„“”‟«»″]/u;
const APOSTROPHES = /[‘’‚‛‹›′ʼ]/u;
const DASHES = /[‐‑‒–—―−]/u;
const MARKS = /\p{M}|[\u00ad\u200b-\u200f\u2060\ufeff]/gu;
/** Letters that Unicode does not take apart. @type {Record<string, string>} */
const LETTERS = { ı: "i", ø: "o", ł: "l", đ: "d", ħ: "h", æ: "ae", œ: "oe", ß: "ss" };
const PLAIN = /^[\n\x20-\x7e]*$/;

/** A text in which can be found what is written with other capitals, and, unless it must match, other accents and quotes. */
export class FoldedText {
  /**
   * @param {string} text
   * @param {boolean} exactly whether accents, quotes and dashes matter
   */
  constructor(text, exactly) {
    this.fold = exactly ? foldCase : foldAll;
    /** Where folded units and code points begin to differ by another number: the unit, and the code point there. */
    this.units = /** @type {number[]} */ ([]);
    this.points = /** @type {number[]} */ ([]);
    this.text = PLAIN.test(text) ? text.toLowerCase().replaceAll("\n", " ") : this.#folded(text);
  }

  /**
   * Where the words stand, in order and without overlaps.
   *
   * @param {string} words
   * @returns {Span[]}
   */
  all(words) {
    const wanted = this.folded(words);
    const found = [];
    for (let from = this.#unitOf(wanted, 0); from >= 0; from = this.#unitOf(wanted, from + wanted.length)) {
      found.push({ start: this.#toPoint(from), end: this.#toPoint(from + wanted.length) });
    }
    return found;
  }

  /**
   * The first place of the words at this unit of the folded text or after it.
   *
   * @param {string} words
   * @param {number} unit
   * @returns {Span & {from: number, to: number} | null} the span, and the same in folded units
   */
  next(words, unit) {
    const wanted = this.folded(words);
    const from = this.#unitOf(wanted, unit);
    const to = from + wanted.length;
    return from < 0 ? null : { start: this.#toPoint(from), end: this.#toPoint(to), from, to };
  }

  /** What stands before this unit, without white space at its end. @param {number} unit */
  before(unit) {
    return this.text.slice(0, unit).trimEnd();
  }

  /** What stands at this unit and after, without white space at its beginning. @param {number} unit */
  after(unit) {
    return this.text.slice(unit).trimStart();
  }

  /** @param {string} words */
  folded(words) {
    return Array.from(words, this.fold).join("");
  }

  /** @param {string} text */
  #folded(text) {
    /** @type {Map<string, string>} */
    const known = new Map();
    /** @type {string[]} */
    const pieces = [];
    let unit = 0;
    let point = 0;
    let difference = 0;
    for (const character of text) {
      let folded = known.get(character);
      if (folded === undefined) known.set(character, (folded = this.fold(character)));
      if (unit - point !== difference) {
        difference = unit - point;
        this.units.push(unit);
        this.points.push(point);
      }
      pieces.push(folded);
      unit += folded.length;
      point += 1;
    }
    if (unit - point !== difference) {
      this.units.push(unit);
      this.points.push(point);
    }
    return pieces.join("");
  }

  /**
   * @param {string} folded
   * @param {number} unit at which to begin
   */
  #unitOf(folded, unit) {
    return folded ? this.text.indexOf(folded, unit) : -1;
  }

  /** @param {number} unit */
  #toPoint(unit) {
    const place = below(this.units, unit + 1) - 1;
    return place < 0 ? unit : this.points[place] + unit - this.units[place];
  }
}

/** @param {string} character */
function foldCase(character) {
  return /\s/u.test(character) ? " " : character.toLowerCase();
}

/** @param {string} character */
function foldAll(character) {
  if (/\s/u.test(character)) return " ";
  if (QUOTES.test(character)) return '"';
  if (APOSTROPHES.test(character)) return "'";
  if (DASHES.test(character)) return "-";
  const lower = character.normalize("NFKD").replace(MARKS, "").toLowerCase().replace(MARKS, "");
  return LETTERS[lower] ?? lower;
}
