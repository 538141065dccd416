import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { LineOffsets, below, pointsIn } from "../../annotations/static/annotations/surface/text/offsets.js";

const text = fc.string({ unit: "binary" }); // any code points, those of two units included

/** The unit at which the n-th code point begins, by counting. */
function naiveUnit(words, point) {
  return [...words].slice(0, point).join("").length;
}

describe("offsets of a line", () => {
  test("a code point begins where counting says", () => {
    fc.assert(
      fc.property(text, (words) => {
        const offsets = new LineOffsets(words);
        const points = [...words].length;

        expect(offsets.points).toBe(points);
        for (let point = 0; point <= points; point++) expect(offsets.toUnit(point)).toBe(naiveUnit(words, point));
      }),
    );
  });

  test("going to units and back changes nothing", () => {
    fc.assert(
      fc.property(text, (words) => {
        const offsets = new LineOffsets(words);

        for (let point = 0; point <= offsets.points; point++) expect(offsets.toPoint(offsets.toUnit(point))).toBe(point);
      }),
    );
  });

  test("a unit inside a character counts as its beginning", () => {
    const offsets = new LineOffsets("a😀b");

    expect([0, 1, 2, 3, 4].map((unit) => offsets.toPoint(unit))).toEqual([0, 1, 1, 2, 3]);
  });

  test("a lone half of a pair is a character of its own", () => {
    expect(pointsIn("\ud83da\ude00")).toBe(3);
  });
});

test("below counts the smaller of sorted numbers", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50)), fc.nat(60), (numbers, limit) => {
      const sorted = numbers.sort((a, b) => a - b);

      expect(below(sorted, limit)).toBe(sorted.filter((each) => each < limit).length);
    }),
  );
});
