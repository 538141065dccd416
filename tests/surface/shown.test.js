import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { trimmedIn } from "../../annotations/static/annotations/surface/text/blank.js";
import { placeAmong } from "../../annotations/static/annotations/surface/text/dom-text.js";
import { adler32 } from "../../annotations/static/annotations/surface/text/checksum.js";

/** A text in the pieces into which text nodes were split, some of them empty. */
const pieces = fc.array(fc.string({ unit: "grapheme", maxLength: 6 }), { maxLength: 12 });

describe("a unit of a text in pieces", () => {
  const lengthsOf = (/** @type {string[]} */ all) => all.map(({ length }) => length);

  test("has one place after it and one before it, and each leads back", () => {
    fc.assert(
      fc.property(pieces, fc.nat(), (all, number) => {
        const length = all.join("").length;
        fc.pre(length > 0);
        const unit = number % (length + 1);
        for (const side of /** @type {const} */ (["after", "before"])) {
          const [nth, offset] = placeAmong(lengthsOf(all), unit, side);
          expect(all.slice(0, nth).join("").length + offset).toBe(unit);
          expect(all[nth]).not.toBe("");
        }
      }),
    );
  });

  test("is put where its own character is", () => {
    fc.assert(
      fc.property(pieces, fc.nat(), (all, number) => {
        const text = all.join("");
        fc.pre(text !== "");
        const unit = number % text.length;
        const [nth, offset] = placeAmong(lengthsOf(all), unit, "after");
        const [before, end] = placeAmong(lengthsOf(all), unit + 1, "before");
        expect(all[nth][offset]).toBe(text[unit]);
        expect(all[before][end - 1]).toBe(text[unit]);
      }),
    );
  });

  test("beyond the text is its end", () => {
    expect(placeAmong([2, 3], 9, "after")).toEqual([1, 3]);
    expect(placeAmong([2, 0, 0], 2, "after")).toEqual([0, 2]);
    expect(placeAmong([], 0, "before")).toEqual([0, 0]);
  });
});

describe("a span", () => {
  const blank = "\t\n\u000b\f\r\u001c\u001d\u001e\u001f \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff";
  const strings = fc.array(fc.constantFrom(...blank, "a", "𝔠", "👩‍👩‍👧", "\u0301", "\u200b"), { maxLength: 12 }).map((all) => all.join(""));

  test("is trimmed to what begins and ends otherwise, and no further", () => {
    fc.assert(
      fc.property(strings, fc.nat(100), (exact, start) => {
        const points = [...exact];
        const trimmed = trimmedIn(exact, { start, end: start + points.length });
        const inked = points.map((each) => !blank.includes(each));
        expect(trimmed).toEqual(inked.includes(true) ? { start: start + inked.indexOf(true), end: start + inked.lastIndexOf(true) + 1 } : null);
      }),
    );
  });

  test("has no code point at an end that JavaScript or Unicode calls white space", () => {
    for (let code = 0; code < 0x110000; code++) {
      const character = String.fromCodePoint(code);
      if (character.trim() === "" || /\p{White_Space}/u.test(character)) expect(trimmedIn(character, { start: 0, end: 1 }), code.toString(16)).toBe(null);
    }
  });
});

test("the checksum is Adler-32 as zlib computes it", () => {
  expect(adler32("")).toBe(1);
  expect(adler32("Wikipedia")).toBe(600572824);
  expect(adler32("„𝔠“ said\n".repeat(50_000))).toBe(1028568824);
});
