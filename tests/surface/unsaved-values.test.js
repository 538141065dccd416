/** What is typed and not saved, also by an earlier page. */
import { beforeEach, describe, expect, test } from "vitest";

import { UnsavedValues, isUnsaved, rebased } from "../../annotations/static/annotations/surface/panel/unsaved-values.js";
import { annotationOf } from "./annotations.js";

/** @type {Map<string, any>} */
let kept;
/** @type {UnsavedValues} */
let typed;
let told = 0;

const typedOn = (/** @type {any} */ base, values = {}, more = {}) => ({ base, values: { label: base.label, fields: base.fields, ...values }, notice: "", isDraft: false, ...more });

beforeEach(() => {
  kept = new Map();
  const vault = { find: async (name) => [...kept].filter(([key]) => key.startsWith(name)).map(([, value]) => value), keep: (name, value) => kept.set(name, value) };
  typed = new UnsavedValues(/** @type {any} */ (vault), "me /source");
  told = 0;
  typed.on(() => told++);
});

describe("what is typed", () => {
  test("is kept by user, source and annotation, told, and let go once", () => {
    const one = typedOn(annotationOf(), { label: "other" });
    typed.keep(one);
    expect([[...kept], typed.get("a"), typed.size, told]).toEqual([[["typed me /source a", one]], one, 1, 1]);
    typed.forget("a");
    typed.forget("a");
    expect([kept.get("typed me /source a"), typed.get("a"), typed.size, told]).toEqual([null, undefined, 0, 2]);
  });

  test("of an earlier page is taken up, but what was typed meanwhile comes first", async () => {
    const [old, other, now] = [typedOn(annotationOf(), { label: "old" }), typedOn(annotationOf({ id: "b" })), typedOn(annotationOf(), { label: "now" })];
    kept.set("typed me /source a", old);
    kept.set("typed me /source b", other);
    typed.values.set("a", now);
    expect(await typed.open()).toEqual([old, other]);
    expect([typed.get("a"), typed.get("b"), told]).toEqual([now, other, 1]);
  });

  test("is unsaved where it differs from its version, and always in an unfinished tag", () => {
    const base = annotationOf({ fields: { a: "1" } });
    expect(isUnsaved(typedOn(base))).toBe(false);
    expect(isUnsaved(typedOn(base, { label: "b" }))).toBe(true);
    expect(isUnsaved(typedOn(base, { fields: { a: "2" } }))).toBe(true);
    expect(isUnsaved(typedOn(base, { fields: {} }))).toBe(true);
    expect(isUnsaved(typedOn(base, {}, { isDraft: true }))).toBe(true);
    typed.keep(typedOn(base));
    typed.keep(typedOn(annotationOf({ id: "b" }), { label: "b" }));
    expect([...typed.unsaved]).toEqual(["b"]);
  });
});

describe("on top of a version that came meanwhile", () => {
  const base = annotationOf({ fields: { a: "1", b: "1" } });
  const mine = typedOn(base, { fields: { a: "mine", b: "1" } }, { notice: "kept" });

  test("stands beside what others put into other fields", () => {
    const current = annotationOf({ version: 2, fields: { a: "1", b: "theirs" } });
    expect(rebased(mine, current)).toEqual({ base: current, values: { label: "fact", fields: { a: "mine", b: "theirs" } }, notice: "kept", isDraft: false });
  });

  test.each([
    ["the same field", { fields: { a: "theirs", b: "1" } }], ["the label", { label: "other" }], ["the words", { spans: [{ start: 0, end: 5, exact: "" }] }],
    ["another field of a version in review", { fields: { a: "1", b: "2" }, state: "submitted" }],
  ])("does not beside a change of %s", (_, change) => {
    expect(rebased(mine, annotationOf({ fields: base.fields, version: 2, ...change }))).toBeNull();
  });

  test("does not where I changed the label and they anything", () => {
    expect(rebased(typedOn(base, { label: "mine" }), annotationOf({ version: 2, fields: { a: "1", b: "2" } }))).toBeNull();
  });
});
