/** @import { Span } from "../model/types.js" */
import { below, pointsIn } from "./offsets.js";

const QUOTES = /[„“”‟«»″＂]/u;
const APOSTROPHES = /[‘’‚‛‹›′ʼ`´＇]/u;
const DASHES = /[‐‑‒–—―−]/u;
// What follows says the same as annotations/text/words.py, and tests hold the two together.
const ACCENTS = "\\u0300-\\u036f\\u0483-\\u0487\\u0591-\\u05bd\\u05bf\\u05c1-\\u05c2\\u05c4-\\u05c5\\u05c7\\u0610-\\u061a\\u064b-\\u065f\\u0670\\u06d6-\\u06dc\\u06df-\\u06e4\\u06e7-\\u06e8\\u06ea-\\u06ed\\u1ab0-\\u1ace\\u1dc0-\\u1dff\\u20d0-\\u20f0\\ufe00-\\ufe0f\\ufe20-\\ufe2f\\u{e0100}-\\u{e01ef}";
const INVISIBLE = "\\u200b\\u00ad\\u061c\\u180e\\u200c-\\u200f\\u202a-\\u202e\\u2060-\\u2064\\u2066-\\u206f\\ufeff";
const UNSEEN = new RegExp(`[${ACCENTS}${INVISIBLE}]+`, "gu");
/** Letters that Unicode does not take apart. @type {Record<string, string>} */
const LETTERS = { ı: "i", ø: "o", ł: "l", đ: "d", ħ: "h", ς: "σ", ß: "ss", æ: "ae", œ: "oe" };
const TAKEN_APART = new RegExp(`[${Object.keys(LETTERS).join("")}]`, "gu");
const SPACE = /[^\S\ufeff]/gu; // the byte order mark is one to JavaScript alone
const MARK = /^\p{M}/u;
/** A letter with its marks, which may be written as one character or as several. */
const CLUSTER = /\P{M}\p{M}*|\p{M}+/gu;
const PLAIN = /^[\n\x20-\x5f\x61-\x7e]*$/; // without the grave accent, which is an apostrophe

/** A text in which can be found what is written with other capitals, and, unless it must match, other accents and quotes. */
export class FoldedText {
  /**
   * @param {string} text
   * @param {boolean} exactly whether accents, quotes and dashes matter
   */
  constructor(text, exactly) {
    this.exactly = exactly;
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
    return this.#cut(words).map(this.fold).join("");
  }

  /**
   * Where accents matter, a letter and its marks are folded together, so that it is one thing however it is written.
   *
   * @param {string} text
   * @returns {string[]}
   */
  #cut(text) {
    return this.exactly ? text.match(CLUSTER) ?? [] : Array.from(text);
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
    for (const character of this.#cut(text)) {
      let folded = known.get(character);
      if (folded === undefined) known.set(character, (folded = this.fold(character)));
      if (unit - point !== difference) {
        difference = unit - point;
        this.units.push(unit);
        this.points.push(point);
      }
      pieces.push(folded);
      unit += folded.length;
      point += pointsIn(character);
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
    if (!folded) return -1;
    let at = this.text.indexOf(folded, unit);
    while (at >= 0 && this.exactly && !this.#isWhole(at, at + folded.length)) at = this.text.indexOf(folded, at + 1);
    return at;
  }

  /** Whether neither end stands between a letter and its marks. @param {number} from @param {number} to */
  #isWhole(from, to) {
    return !MARK.test(this.text.slice(from, from + 2)) && !MARK.test(this.text.slice(to, to + 2));
  }

  /** @param {number} unit */
  #toPoint(unit) {
    const place = below(this.units, unit + 1) - 1;
    return place < 0 ? unit : this.points[place] + unit - this.units[place];
  }
}

/**
 * A name or a text in which a part can be looked for, however both are written.
 *
 * @param {string} text
 */
export function foldText(text) {
  return PLAIN.test(text) ? text.toLowerCase() : Array.from(text, foldAll).join("");
}

/** @param {string} character */
function foldCase(character) {
  return character.normalize("NFD").toLowerCase().replace(SPACE, " ");
}

/**
 * As two spellings of one word are compared.
 *
 * @param {string} character
 */
export function foldAll(character) {
  if (character.match(SPACE)) return " ";
  if (QUOTES.test(character)) return '"';
  if (APOSTROPHES.test(character)) return "'";
  if (DASHES.test(character)) return "-";
  const lower = character.normalize("NFKD").toLowerCase().replace(UNSEEN, "");
  return lower.replace(TAKEN_APART, (letter) => LETTERS[letter]);
}
