import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stacked } from "../../annotations/static/annotations/js/margin.js";

const notes = fc.array(fc.tuple(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 10, max: 300 })), { minLength: 1, maxLength: 30 })
  .map((pairs) => ({ wanted: pairs.map(([top]) => top).sort((a, b) => a - b), heights: pairs.map(([, height]) => height) }));

describe("notes beside their passages", () => {
  test("never cover each other, and none stands above the column", () => {
    fc.assert(fc.property(notes, fc.nat(), fc.nat({ max: 100 }), ({ wanted, heights }, place, first) => {
      const tops = stacked(wanted, heights, place % wanted.length, first);
      expect(tops[0]).toBeGreaterThanOrEqual(first);
      for (let each = 1; each < tops.length; each++) expect(tops[each]).toBeGreaterThanOrEqual(tops[each - 1] + heights[each - 1]);
    }));
  });

  test("the one that is read stands beside its passage where those before it leave room", () => {
    fc.assert(fc.property(notes, fc.nat(), ({ wanted, heights }, place) => {
      const active = place % wanted.length;
      const above = heights.slice(0, active).reduce((sum, height) => sum + height, 0);
      const tops = stacked(wanted, heights, active, 0);
      expect(tops[active]).toBe(Math.max(wanted[active], above));
    }));
  });

  test("with room enough each stands beside its own", () => {
    expect(stacked([0, 100, 300], [50, 50, 50], 1, 0)).toEqual([0, 100, 300]);
  });
});
