import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { changesFrom, differing, merged, metNewer } from "../../annotations/static/annotations/surface/model/merge.js";

const name = fc.constantFrom("a", "b", "c");
const part = fc.record({ start: fc.nat(5), end: fc.integer({ min: 6, max: 9 }), exact: fc.constant("x") });
const said = fc.record({
  label: fc.constantFrom("one", "two"),
  spans: fc.array(part, { minLength: 1, maxLength: 2 }),
  fields: fc.dictionary(name, fc.oneof(fc.constantFrom("x", "y"), fc.constant(["x"]))),
  relations: fc.uniqueArray(fc.record({ type: fc.constant("about"), to: name }), { selector: ({ to }) => to, maxLength: 2 }),
});

function edit(was, mine) {
  return { does: "edit", was, body: { label: mine.label, spans: mine.spans, fields: mine.fields, relations: mine.relations } };
}

function metBy(write, current) {
  return metNewer(write, { status: 412, sentence: "", errors: {}, current: { version: 7, state: "draft", ...current } });
}

describe("two versions of an annotation", () => {
  test("what I changed stands on top of theirs, and the rest is theirs", () => {
    fc.assert(
      fc.property(said, said, said, (was, mine, current) => {
        const both = merged(was, mine, current);
        const [myNames, toMine, toTheirs] = [differing(was, mine), differing(both, mine), differing(both, current)];

        expect(toMine.filter((each) => myNames.includes(each))).toEqual([]);
        expect(toTheirs.filter((each) => !myNames.includes(each))).toEqual([]);
      }),
    );
  });

  test("the changes sent make the one from the other", () => {
    fc.assert(
      fc.property(said, said, (current, mine) => {
        expect(differing({ ...current, ...changesFrom(current, mine) }, mine)).toEqual([]);
      }),
    );
  });

  test("nothing of theirs is ever overwritten without asking", () => {
    const aside = said.map(({ fields, relations }) => ({ label: "one", spans: [{ start: 0, end: 1, exact: "x" }], fields, relations }));
    fc.assert(
      fc.property(aside, aside, aside, (was, mine, current) => {
        const verdict = metBy(edit(was, mine), current);
        if (verdict.is !== "rebased") return;
        const theirs = differing(was, current);

        expect(differing(current, verdict.body).filter((each) => theirs.includes(each))).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    [{ label: "two" }, { fields: { a: "x" } }],
    [{ fields: { a: "x" } }, { label: "two" }],
    [{ spans: [{ start: 2, end: 3, exact: "z" }] }, { fields: { a: "x" } }],
    [{ fields: { a: "x" } }, { fields: { a: "y" } }],
  ])("mine %o beside theirs %o is asked about", (mine, theirs) => {
    const was = { label: "one", spans: [{ start: 0, end: 1, exact: "x" }], fields: {}, relations: [] };

    expect(metBy({ does: "edit", was, body: mine }, { ...was, ...theirs }).is).toBe("failed");
  });

  test("a retry of what had arrived is done", () => {
    fc.assert(
      fc.property(said, said, (was, mine) => {
        fc.pre(differing(was, mine).length > 0);

        expect(metBy(edit(was, mine), mine)).toEqual({ is: "done", version: 7 });
      }),
    );
  });

  test("a version in review or decided is always asked about", () => {
    const was = { label: "one", spans: [], fields: {}, relations: [] };
    const write = { does: "edit", was, body: { fields: { a: "x" } } };
    const current = { ...was, fields: { b: "y" } };

    for (const state of ["submitted", "approved", "rejected", "withdrawn"]) expect(metBy(write, { ...current, state }).is).toBe("failed");
    expect(metBy(write, { ...current, state: "returned" }).is).toBe("rebased");
  });
});
