/** @import { Span } from "../model/types.js" */
/** @import { Line, TextPane } from "./text-pane.js" */

/** A letter or a digit; no apostrophe that Unicode counts as a letter (ʹ ʺ ʻ ʼ ʽ ʾ ʿ ˈ ˊ ˋ ˮ Ꞌ ꞌ). */
const LETTER = "(?![\\u02b9-\\u02bf\\u02c8\\u02ca\\u02cb\\u02ee\\ua78b\\ua78c])[\\p{L}\\p{N}]";
const UNSEEN = "[\\p{M}\\p{Cf}]*"; // marks, soft hyphens, joiners
const LETTER_BEFORE = new RegExp(`${LETTER}${UNSEEN}$`, "u");
const LETTER_AFTER = new RegExp(`^${UNSEEN}${LETTER}`, "u");
const NEAR = 16; // units that are looked at on either side of a place

/** Characters as people see them, words and sentences of the text, by Unicode's rules (UAX #29), a line at a time. */
export class Words {
  /**
   * @param {TextPane} pane
   * @param {string} [language] BCP 47
   */
  constructor(pane, language) {
    this.pane = pane;
    this.character = segmenter("grapheme", language);
    this.word = segmenter("word", language);
    this.sentence = segmenter("sentence", language);
  }

  /**
   * The span grown to whole words, without white space around; null for blank text. An end that does not stand between
   * two letters or digits stays: beside an apostrophe, a hyphen or any other mark it was put there on purpose.
   *
   * @param {Span} span
   */
  snapped(span) {
    const trimmed = this.pane.trimmed(span);
    const whole = trimmed && this.pane.trimmed(this.whole(trimmed)); // a space may be one character with the mark after it
    if (!whole) return null;
    const { start, end } = whole;
    return {
      start: this.#isInWord(start) ? this.#around(start, this.word).start : start,
      end: this.#isInWord(end) ? this.#around(end - 1, this.word).end : end,
    };
  }

  /** Whether letters or digits stand on both sides. @param {number} point */
  #isInWord(point) {
    const { start, end, text, offsets } = this.pane.lineAt(point);
    if (point <= start || point >= end) return false;
    const unit = offsets.toUnit(point - start);
    return LETTER_BEFORE.test(text.slice(Math.max(0, unit - NEAR), unit)) && LETTER_AFTER.test(text.slice(unit, unit + NEAR));
  }

  /**
   * The span grown to whole characters at both ends: no end stands before a combining mark or inside an emoji.
   *
   * @param {Span} span
   */
  whole({ start, end }) {
    return { start: this.#around(start, this.character).start, end: this.#around(end - 1, this.character).end };
  }

  /**
   * The next border between characters in this direction; null at the ends of the text.
   *
   * @param {number} point
   * @param {1 | -1} direction
   */
  borderFrom(point, direction) {
    if (direction > 0) return point < this.pane.length ? this.#around(point, this.character).end : null;
    return point > 0 ? this.#around(point - 1, this.character).start : null;
  }

  /**
   * The word at the code point, or the next one in this direction; null at the end of the text.
   *
   * @param {number} point
   * @param {1 | -1} direction
   */
  wordFrom(point, direction) {
    return this.#seek(point, direction, this.word, isWord);
  }

  /**
   * The sentence at the code point, or the next one in this direction; null at the end of the text.
   *
   * @param {number} point
   * @param {1 | -1} direction
   * @returns {Span | null}
   */
  sentenceFrom(point, direction) {
    const found = this.#seek(point, direction, this.sentence, (segment) => segment.segment.trim() !== "");
    const sentence = found && this.pane.trimmed(found);
    const isPast = found && sentence && direction > 0 && point >= sentence.end; // in the space after it
    return isPast ? this.sentenceFrom(found.end, direction) : sentence;
  }

  /**
   * @param {number} point
   * @param {Intl.Segmenter} by
   */
  #around(point, by) {
    const line = this.pane.lineAt(point);
    const segment = by.segment(line.text).containing(line.offsets.toUnit(point - line.start));
    return segment ? spanOf(line, segment) : { start: point, end: point + 1 };
  }

  /**
   * @param {number} point
   * @param {1 | -1} direction
   * @param {Intl.Segmenter} by
   * @param {(segment: Intl.SegmentData) => boolean} wanted
   * @returns {Span | null}
   */
  #seek(point, direction, by, wanted) {
    let at = point;
    while (at >= 0 && at < this.pane.length) {
      const line = this.pane.lineAt(at);
      const segment = by.segment(line.text).containing(line.offsets.toUnit(at - line.start));
      if (!segment) {
        at = direction > 0 ? line.end + 1 : at - 1; // on a line feed
        continue;
      }
      const span = spanOf(line, segment);
      if (wanted(segment)) return span;
      at = direction > 0 ? span.end : span.start - 1;
    }
    return null;
  }
}

/**
 * Emoji stand for words, too, though Unicode does not count them.
 *
 * @param {Intl.SegmentData} segment
 */
function isWord({ isWordLike, segment }) {
  return isWordLike === true || /\p{Extended_Pictographic}/u.test(segment);
}

/**
 * @param {"grapheme" | "word" | "sentence"} granularity
 * @param {string} [language]
 */
function segmenter(granularity, language) {
  try {
    return new Intl.Segmenter(language || undefined, { granularity });
  } catch {
    return new Intl.Segmenter(undefined, { granularity }); // the source's language is no BCP 47 tag
  }
}

/**
 * @param {Line} line
 * @param {Intl.SegmentData} segment
 * @returns {Span}
 */
function spanOf(line, segment) {
  return {
    start: line.start + line.offsets.toPoint(segment.index),
    end: line.start + line.offsets.toPoint(segment.index + segment.segment.length),
  };
}
