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

  test("by their start, the longer first, then by id", () => {
    const { entries } = new IntervalIndex([{ id: "b", spans: [{ start: 3, end: 5 }] }, { id: "a", spans: [{ start: 3, end: 5 }, { start: 0, end: 1 }] }, { id: "c", spans: [{ start: 3, end: 9 }] }]);
    expect(entries.map(({ id, start, end }) => `${id}${start}-${end}`)).toEqual(["a0-1", "c3-9", "a3-5", "b3-5"]);
    expect(new IntervalIndex(entries.map(({ id, start, end }) => ({ id, spans: [{ start, end }] }))).at(4)).toEqual(["a", "b", "c"]);
  });

  test("the lowest underline that is free is taken, also where the one before just ends", () => {
    const lanes = (/** @type {[number, number][]} */ ...ends) => new IntervalIndex(ends.map(([start, end], nth) => ({ id: `${nth}`, spans: [{ start, end }] }))).entries.map(({ lane }) => lane);
    expect(lanes([0, 2], [2, 4])).toEqual([0, 0]);
    expect(lanes([0, 9], [1, 3], [2, 4], [3, 5])).toEqual([0, 1, 2, 1]);
    expect(lanes([0, 9], [1, 9], [2, 9], [3, 5], [5, 6])).toEqual([0, 1, 2, 2, 2]);
  });

  test("looking asks few of many", () => {
    let looked = 0;
    const many = Array.from({ length: 4096 }, (_, nth) => ({ id: `${nth}`, spans: [{ start: nth * 10, end: nth * 10 + 5 }] }));
    const index = new IntervalIndex(many);
    index.entries = new Proxy(index.entries, { get: (target, name) => (typeof name === "string" && /^\d+$/.test(name) && looked++, Reflect.get(target, name)) });
    expect(index.meeting({ start: 20000, end: 20001 })).toHaveLength(1);
    expect(looked).toBeLessThan(30);
  });
});
