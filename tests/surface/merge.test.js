import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { bothStand, changesFrom, differing, merged, metNewer, named, saidBy } from "../../annotations/static/annotations/surface/model/merge.js";

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

describe("what a version says", () => {
  const version = { label: "one", spans: [{ start: 2, end: 5, exact: "abc" }, { start: 7, end: 9, exact: "de" }], fields: { a: "x", b: ["y"] }, relations: [{ id: "r1", type: "about", to: "c" }] };

  test("is its label, spans, fields and relations, without the ids of these", () => {
    expect(saidBy({ ...version, state: "draft", version: 3 })).toEqual({ ...version, relations: [{ type: "about", to: "c" }] });
  });

  test("has a name for each thing that can change by itself", () => {
    expect([...named(version)]).toEqual([["label", "one"], ["spans", "[[2,5],[7,9]]"], ["fields.a", '"x"'], ["fields.b", '["y"]'], ["relations.about.c", "there"]]);
  });

  test.each([
    ["the start of a span", { spans: [{ start: 1, end: 5, exact: "abc" }, version.spans[1]] }, ["spans"]],
    ["the end of a span", { spans: [version.spans[0], { start: 7, end: 8, exact: "de" }] }, ["spans"]],
    ["a span less", { spans: [version.spans[0]] }, ["spans"]],
    ["the label", { label: "two" }, ["label"]],
    ["a field", { fields: { a: "z", b: ["y"] } }, ["fields.a"]],
    ["a field less", { fields: { a: "x" } }, ["fields.b"]],
    ["a field more", { fields: { ...version.fields, c: "" } }, ["fields.c"]],
    ["another target", { relations: [{ type: "about", to: "d" }] }, ["relations.about.c", "relations.about.d"]],
    ["another type", { relations: [{ type: "near", to: "c" }] }, ["relations.about.c", "relations.near.c"]],
    ["nothing", { spans: version.spans.map((span) => ({ ...span, exact: "" })) }, []],
  ])("differs by %s", (_, change, names) => {
    expect(differing(version, { ...version, ...change }).sort()).toEqual(names);
    expect(differing({ ...version, ...change }, version).sort()).toEqual(names);
  });
});

describe("both changes", () => {
  const at = (/** @type {number} */ start, /** @type {number} */ end) => [{ start, end, exact: "" }];
  const was = { label: "one", spans: at(0, 4), fields: { a: "x", b: "x" }, relations: [{ type: "about", to: "a" }, { type: "about", to: "b" }] };

  test("of spans: mine where I moved an end, else theirs", () => {
    expect(merged(was, { ...was, spans: at(0, 5) }, { ...was, label: "two" }).spans).toEqual(at(0, 5));
    expect(merged(was, { ...was, label: "two" }, { ...was, spans: at(0, 5) })).toMatchObject({ label: "two", spans: at(0, 5) });
  });

  test("of fields: what I removed goes, what they added stays", () => {
    expect(merged(was, { ...was, fields: { b: "x" } }, { ...was, fields: { ...was.fields, c: "y" } }).fields).toEqual({ b: "x", c: "y" });
    expect(merged(was, { ...was, fields: { ...was.fields, d: "z" } }, { ...was, fields: { a: "x" } }).fields).toEqual({ a: "x", d: "z" });
  });

  test("of relations: theirs, without those that I removed, then those that I added", () => {
    const mine = { ...was, relations: [was.relations[1], { type: "near", to: "c" }] };
    const current = { ...was, relations: [...was.relations, { id: "r", type: "about", to: "d" }] };
    expect(merged(was, mine, current).relations).toEqual([{ type: "about", to: "b" }, { type: "about", to: "d" }, { type: "near", to: "c" }]);
  });

  test("can stand while the version is open, of other names than label and spans", () => {
    const open = { state: "draft" };
    expect(bothStand(["fields.a"], ["fields.b"], open)).toBe(true);
    expect(bothStand(["fields.a"], ["fields.b"], { state: "returned" })).toBe(true);
    expect(bothStand(["fields.a"], ["fields.b"], { state: "submitted" })).toBe(false);
    expect(bothStand(["fields.a", "fields.c"], ["fields.b", "fields.a"], open)).toBe(false);
    for (const touchy of ["label", "spans"]) {
      expect(bothStand([touchy], ["fields.b"], open)).toBe(false);
      expect(bothStand(["fields.a"], [touchy], open)).toBe(false);
    }
    expect(bothStand(["label"], [], { state: "approved" })).toBe(true);
  });
});

describe("what is sent so that mine stands on theirs", () => {
  const said = { label: "one", spans: [{ start: 0, end: 4, exact: "" }], fields: { a: "x" }, relations: [{ id: "r", type: "about", to: "a" }] };

  test.each([
    [{ label: "two" }, { label: "two" }],
    [{ spans: [{ start: 0, end: 5, exact: "" }] }, { spans: [{ start: 0, end: 5, exact: "" }] }],
    [{ fields: { b: "y" } }, { fields: { b: "y" } }],
    [{ relations: [{ id: "s", type: "near", to: "a" }] }, { relations: [{ type: "near", to: "a" }] }],
    [{ relations: [{ id: "other", type: "about", to: "a" }] }, {}],
    [{}, {}],
  ])("is only what differs: %o", (change, changes) => {
    expect(changesFrom(said, { ...said, ...change })).toEqual(changes);
  });
});

describe("an edit that met a newer version", () => {
  const was = { label: "one", spans: [{ start: 0, end: 4, exact: "" }], fields: {}, relations: [] };
  const failure = (/** @type {any} */ current) => ({ status: 412, sentence: "", errors: {}, current });
  const current = { ...was, version: 7, state: "draft", fields: { b: "y" } };

  test("is asked about when it is no edit, or is not known", () => {
    const refused = failure(current);
    for (const write of [{ does: "delete", was, body: {} }, { does: "edit", was: null, body: {} }]) expect(metNewer(write, refused)).toEqual({ is: "failed", failure: refused });
    expect(metNewer({ does: "edit", was, body: {} }, failure(null))).toEqual({ is: "failed", failure: failure(null) });
  });

  test("sends what it sent, on top of theirs", () => {
    expect(metNewer({ does: "edit", was, body: { fields: { a: "x" } } }, failure(current))).toEqual({ is: "rebased", base: 7, body: { fields: { a: "x", b: "y" } } });
  });

  test("has not arrived while any of it is missing", () => {
    const write = { does: "edit", was, body: { fields: { a: "x", c: "z" } } };
    expect(metNewer(write, failure({ ...current, fields: { a: "x" } })).is).toBe("failed");
    expect(metNewer(write, failure({ ...current, fields: { a: "x", c: "z" } }))).toEqual({ is: "done", version: 7 });
  });

  test("that changes nothing has arrived once there is a draft", () => {
    expect(metNewer({ does: "edit", was, body: {} }, failure({ ...was, version: 7, state: "draft" })).is).toBe("done");
    expect(metNewer({ does: "edit", was, body: {} }, failure({ ...was, version: 7, state: "submitted" })).is).toBe("rebased");
  });
});
