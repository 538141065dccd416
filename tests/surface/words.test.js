import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { SpanEdges } from "../../annotations/static/annotations/surface/text/span-edges.js";
import { shortened } from "../../annotations/static/annotations/surface/model/store.js";
import { Words } from "../../annotations/static/annotations/surface/text/word-borders.js";
import { PlainPane } from "./plain_pane.js";

/** @param {string} text @param {string} [language] */
function wordsOf(text, language = "en") {
  const pane = new PlainPane(text);
  return { pane, words: new Words(/** @type {any} */ (pane), language) };
}

/** @param {string} text @param {string} chosen */
function spanOf(text, chosen) {
  const start = [...text.slice(0, text.indexOf(chosen))].length;
  return { start, end: start + [...chosen].length };
}

/** @param {string} text @param {string} chosen */
function snap(text, chosen, language = "en") {
  const { pane, words } = wordsOf(text, language);
  return pane.exact(/** @type {any} */ (words.snapped(spanOf(text, chosen))));
}

const APOSTROPHES = [..."'’ʼ`´‘‛′＇ʻʹʽˈꞌ՚׳"];
const HYPHENS = [..."-‐‑‒–—−·‧・־﹣－"];
const MARKS = [...APOSTROPHES, ...HYPHENS, ..."./:_\"“”„‟«»″"];

describe("a selection that ends beside a mark", () => {
  test.each(MARKS)("is not widened over %s", (mark) => {
    for (const [before, after] of [["Armenia", "s"], ["dell", "ascensore"], ["S", "400"], ["צה", "ל"], ["Zu\u0308rich", "e\u0301tat"], ["л", "єв"]]) {
      const text = `of ${before}${mark}${after} said`;
      expect(snap(text, before)).toBe(before);
      expect(snap(text, after)).toBe(after);
      expect(snap(text, `${before}${mark}`)).toBe(`${before}${mark}`);
      expect(snap(text, `${before}${mark}${after}`)).toBe(`${before}${mark}${after}`);
    }
  });

  test("is still widened at the end that cuts a word", () => {
    expect(snap("dell'ascensore said", "ascenso")).toBe("ascensore");
    expect(snap("the Baku-based group", "aku-based")).toBe("Baku-based");
    expect(snap("Ankara said no.", "kara sa")).toBe("Ankara said");
    expect(snap("co\u00adoperate", "co")).toBe("co\u00adoperate");
    expect(snap("don't", "do")).toBe("don't");
  });

  test("keeps what handles are dragged to", () => {
    const text = "of Armenia's said";
    const { pane, words } = wordsOf(text);
    const edges = new SpanEdges(/** @type {any} */ (pane), words);
    const whole = spanOf(text, "Armenia's");
    expect(pane.exact(edges.dragged(whole, "end", spanOf(text, "Armenia").end, false))).toBe("Armenia");
    expect(pane.exact(edges.dragged(whole, "start", spanOf(text, "s said").start, false))).toBe("s");
  });
});

test("snapping grows to whole words and characters, once", () => {
  const texts = fc.array(fc.constantFrom("a", "b", "ö", "o\u0308", "7", " ", " ", "\n", "\u0301", "👩‍👩‍👧", "𝔠", ".", "-", "'", "’", "ʼ", "“", "\u00ad", "\u3000", "ש"), { minLength: 1, maxLength: 30 });
  const letter = /^[\p{L}\p{N}]$/u;
  fc.assert(
    fc.property(texts.map((all) => all.join("")), fc.nat(), fc.nat(), (text, one, other) => {
      const { pane, words } = wordsOf(text);
      const [start, end] = [one % (pane.length + 1), other % (pane.length + 1)].sort((a, b) => a - b);
      fc.pre(start < end);
      const trimmed = pane.trimmed({ start, end });
      const snapped = words.snapped({ start, end });
      fc.pre(trimmed !== null);
      if (!snapped) throw new Error("nothing is left");
      expect(pane.trimmed(snapped)).toEqual(snapped);
      expect(words.snapped(snapped)).toEqual(snapped);
      expect(snapped.start <= trimmed.start && snapped.end >= trimmed.end).toBe(true);
      const isLetter = (/** @type {number} */ point) => letter.test(pane.points[point] ?? "") && pane.points[point] !== "ʼ";
      for (const point of [snapped.start, snapped.end]) expect(isLetter(point - 1) && isLetter(point)).toBe(false);
    }),
    { numRuns: 500 },
  );
});

test("words are shortened between code points", () => {
  expect(shortened("𝔠ounted", 20)).toBe("𝔠ounted");
  expect(shortened("the 𝔠𝔬unt", 6)).toBe("the 𝔠…");
});
