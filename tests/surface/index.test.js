import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { LANES, IntervalIndex } from "../../annotations/static/annotations/surface/model/interval-index.js";

const part = fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 20 })).map(([start, length]) => ({ start, end: start + length }));
const annotations = fc.array(fc.array(part, { minLength: 1, maxLength: 3 }), { maxLength: 30 })
  .map((all) => all.map((spans, number) => ({ id: `id-${number}`, spans })));

/** Every part with the id it belongs to. */
function partsOf(all) {
  return all.flatMap(({ id, spans }) => spans.map((span) => ({ id, ...span })));
}

describe("which parts lie where", () => {
  test("those that share a code point with a span, as looking at each tells", () => {
    fc.assert(
      fc.property(annotations, part, (all, { start, end }) => {
        const found = new IntervalIndex(all).meeting({ start, end }).map((entry) => `${entry.id} ${entry.start} ${entry.end}`);
        const meeting = partsOf(all).filter((each) => each.start < end && start < each.end);

        expect(found.sort()).toEqual(meeting.map((each) => `${each.id} ${each.start} ${each.end}`).sort());
      }),
    );
  });

  test("at a point each id once, the shortest part first", () => {
    fc.assert(
      fc.property(annotations, fc.nat(80), (all, point) => {
        const ids = new IntervalIndex(all).at(point);
        const there = partsOf(all).filter((each) => each.start <= point && point < each.end);
        const shortest = (id) => Math.min(...there.filter((each) => each.id === id).map((each) => each.end - each.start));

        expect([...ids].sort()).toEqual([...new Set(there.map((each) => each.id))].sort());
        expect(ids.map(shortest)).toEqual(ids.map(shortest).sort((a, b) => a - b));
      }),
    );
  });

  test("parts that overlap have different underlines while there are any", () => {
    fc.assert(
      fc.property(annotations, (all) => {
        const { entries } = new IntervalIndex(all);
        for (const entry of entries) {
          const others = entries.filter((each) => each !== entry && each.start <= entry.start && entry.start < each.end);
          const crowded = others.length >= LANES;
          expect(crowded || others.every((each) => each.start === entry.start || each.lane !== entry.lane)).toBe(true);
        }
      }),
    );
  });

  test("in whatever order the annotations come", () => {
    fc.assert(
      fc.property(annotations, (all) => {
        const byPlace = [...all].sort((a, b) => a.spans[0].start - b.spans[0].start || b.spans[0].end - a.spans[0].end);

        expect(new IntervalIndex(byPlace).entries).toEqual(new IntervalIndex(all).entries);
      }),
    );
  });
});
