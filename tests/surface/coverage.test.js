/** The arithmetic of the map beside the text. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { coveredRows, opacityOf, pointAt } from "../../annotations/static/annotations/surface/paint/coverage.js";

describe("the rows of the map", () => {
  test("are covered as far as the spans reach into each", () => {
    expect([...coveredRows([{ start: 5, end: 25 }], 40, 4)]).toEqual([0.5, 1, 0.5, 0, 0]);
    expect([...coveredRows([{ start: 0, end: 10 }, { start: 5, end: 10 }], 40, 4)]).toEqual([1.5, 0, 0, 0, 0]);
    expect([...coveredRows([{ start: 11, end: 12 }], 40, 4)].map((each) => Math.round(each * 100))).toEqual([0, 10, 0, 0, 0]);
    expect(coveredRows([], 40, 4.2)).toHaveLength(6);
  });

  test("together are as long as the spans, whatever the height", () => {
    const spans = fc.array(fc.tuple(fc.nat(900), fc.integer({ min: 1, max: 100 })).map(([start, length]) => ({ start, end: start + length })), { maxLength: 20 });
    fc.assert(fc.property(spans, fc.integer({ min: 1, max: 3000 }), (all, tenths) => {
      const height = tenths / 10;
      const sum = coveredRows(all, 1000, height).reduce((whole, each) => whole + each, 0);
      const wanted = all.reduce((whole, { start, end }) => whole + end - start, 0) * (height / 1000);
      expect(sum).toBeCloseTo(wanted, 2);
    }));
  });

  test("are the darker the more of them is covered, visible from the first, and never more than black", () => {
    expect([0, 0.02, 1, 1.3, 9].map(opacityOf)).toEqual([0, 0.36, 0.85, 1, 1]);
  });
});

test("a height of the map leads to a code point of the text", () => {
  expect([-5, 0, 49, 50, 99.9, 100, 500].map((y) => pointAt(y, 10, 100))).toEqual([0, 0, 4, 5, 9, 9, 9]);
});
