import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { FoldedText } from "../../annotations/static/annotations/surface/text/search-folding.js";

/** The words at these code points. */
function at(text, { start, end }) {
  return [...text].slice(start, end).join("");
}

function found(text, words, exactly = false) {
  return new FoldedText(text, exactly).all(words).map((span) => at(text, span));
}

describe("finding words", () => {
  test("capitals never matter", () => {
    expect(found("BAKU Baku baku", "bAKu")).toEqual(["BAKU", "Baku", "baku"]);
    expect(found("ЯБЛОКО яблоко", "Яблоко", true)).toEqual(["ЯБЛОКО", "яблоко"]);
  });

  test("accents, quotes and dashes matter only when asked", () => {
    const text = "Erdoğan said „yes“ – Zürich, Zu\u0308rich, ŁÓDŹ, Diyarbakır";

    expect(found(text, "erdogan")).toEqual(["Erdoğan"]);
    expect(found(text, '"yes" -')).toEqual(["„yes“ –"]);
    expect(found(text, "zurich")).toEqual(["Zürich", "Zu\u0308rich"]);
    expect(found(text, "Lodz")).toEqual(["ŁÓDŹ"]);
    expect(found(text, "diyarbakir")).toEqual(["Diyarbakır"]);
    expect(found(text, "zurich", true)).toEqual([]);
    expect(found(text, "zürich", true)).toEqual(["Zürich", "Zu\u0308rich"]);
    expect(found(text, "Zu\u0308rich", true)).toEqual(["Zürich", "Zu\u0308rich"]);
    expect(found("vi\u1ec7t vi\u00ea\u0323t vie\u0323\u0302t viet", "việt", true).length).toBe(3);
  });

  test("letters of Turkish and German fold as people write them", () => {
    for (const place of ["İSTANBUL", "istanbul", "ISTANBUL", "ıstanbul"]) expect(found(place, "İstanbul")).toEqual([place]);
    for (const street of ["Straße", "STRASSE", "STRAẞE", "strasse"]) expect(found(street, "straẞe")).toEqual([street]);
    expect(found("ΟΔΟΣ οδός", "οδος")).toEqual(["ΟΔΟΣ", "οδός"]);
    expect(found("O`Brien O´Brien", "o'brien")).toEqual(["O`Brien", "O´Brien"]);
  });

  test("a line's end counts as a space, and offsets are code points", () => {
    const text = "🎉🎉 Baku\nsaid 𝔠ounted";

    expect(new FoldedText(text, false).all("baku said")).toEqual([{ start: 3, end: 12 }]);
    expect(found(text, "counted")).toEqual(["𝔠ounted"]);
  });

  test("an empty question finds nothing", () => {
    expect(found("any text", "")).toEqual([]);
    expect(found("any text", "\u0301")).toEqual([]);
  });

  test("what is found folds to what was asked for", () => {
    const unit = fc.constantFrom("a", "A", "á", "e\u0301", "𝔸", "🎉", "ß", "ı", "İ", "“", "—", " ", "\n", "م", "ﬁ", "\u200d");
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 40 }), fc.nat(39), fc.integer({ min: 1, max: 5 }), fc.boolean(), (text, start, length, exactly) => {
        const folded = new FoldedText(text, exactly);
        const letters = text.match(/\P{M}\p{M}*|\p{M}+/gu) ?? [];
        const words = letters.slice(start, start + length).join("");
        const spans = folded.all(words);

        expect(spans.length > 0).toBe(folded.folded(words) !== "");
        for (const span of spans) expect(folded.folded(at(text, span))).toContain(folded.folded(words).slice(1, -1));
      }),
    );
  });
});
