/** How an annotation looks while the server has not answered. */
import { describe, expect, test } from "vitest";

import { projected } from "../../annotations/static/annotations/surface/sync/optimistic-view.js";
import { annotationOf, failureOf, writeOf } from "./annotations.js";

const OTHER = { id: "other", name: "Other" };

describe("what waits shows at once", () => {
  test("a creation, unless the server has it already", () => {
    const shown = annotationOf({ label: "mine" });
    expect(projected(null, [writeOf(1, { does: "create", shown })])).toBe(shown);
    expect(projected(annotationOf({ label: "theirs" }), [writeOf(1, { does: "create", shown })])?.label).toBe("theirs");
  });

  test("an edit by its author, on top of what it leaves alone", () => {
    const said = annotationOf({ author: OTHER, fields: { a: "1" }, state: "returned" });
    const after = projected(said, [writeOf(1, { body: { label: "new" } })]);
    expect(after).toEqual({ ...said, label: "new", state: "draft", author: { id: "me", name: "Me" } });
  });

  test("an edit of what the server never had leaves its state", () => {
    expect(projected(annotationOf({ version: 0, state: "new" }), [writeOf(1, { body: { label: "b" } })])?.state).toBe("new");
  });

  test("relations keep their ids, and new ones get one", () => {
    const said = annotationOf({ relations: [{ id: "r1", type: "about", to: "b" }, { id: "r2", type: "near", to: "b" }, { id: "r3", type: "about", to: "c" }] });
    const after = projected(said, [writeOf(1, { body: { relations: [{ type: "about", to: "c" }, { type: "near", to: "d" }] } })]);
    expect(after?.relations).toEqual([{ id: "r3", type: "about", to: "c" }, { id: "near-d", type: "near", to: "d" }]);
    expect(projected(said, [writeOf(1, { body: { label: "b" } })])?.relations).toBe(said.relations);
  });

  test.each([["delete", { deleted: true }], ["submit", { state: "submitted" }], ["recall", { state: "draft" }], ["decide", {}], ["call", {}]])("%s", (does, change) => {
    const said = annotationOf({ state: "returned" });
    expect(projected(said, [writeOf(1, { does })])).toEqual({ ...said, ...change });
  });

  test("a restoration, of what the server has or of what was shown", () => {
    const shown = annotationOf({ label: "shown", deleted: true });
    expect(projected(annotationOf({ label: "said", deleted: true }), [writeOf(1, { does: "restore", shown })])).toMatchObject({ label: "said", deleted: false });
    expect(projected(null, [writeOf(1, { does: "restore", shown })])).toMatchObject({ label: "shown", deleted: false });
    expect(projected(null, [writeOf(1, { does: "restore" })])).toBeNull();
  });

  test("nothing of what is not there", () => {
    for (const does of ["edit", "delete", "submit", "recall", "decide"]) expect(projected(null, [writeOf(1, { does })])).toBeNull();
    expect(projected(null, [])).toBeNull();
  });

  test("one after another", () => {
    const writes = [writeOf(1, { body: { label: "b" } }), writeOf(2, { does: "submit" }), writeOf(3, { does: "delete" })];
    expect(projected(annotationOf(), writes)).toMatchObject({ label: "b", state: "submitted", deleted: true });
  });

  test("but not what was refused, nor what hangs on it", () => {
    const writes = [writeOf(1, { body: { label: "refused" }, failure: failureOf() }), writeOf(2, { does: "submit" }), writeOf(3, { chain: "000003", body: { fields: { a: "1" } } })];
    expect(projected(annotationOf(), writes)).toMatchObject({ label: "fact", state: "draft", fields: { a: "1" } });
  });
});
