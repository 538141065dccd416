/** What can be undone and done again, and the writes that it takes. */
import { describe, expect, test } from "vitest";

import { obstacle, ordersOf, reversed } from "../../annotations/static/annotations/surface/model/undo-steps.js";
import { Store } from "../../annotations/static/annotations/surface/model/store.js";
import { annotationOf, pageOf } from "./annotations.js";

const api = /** @type {any} */ ({ urls: { annotations: "/work/annotations" }, one: (id) => `/work/annotations/${id}` });
const RELATIONS = [{ id: "r1", type: "about", to: "b" }];

/** @param {...any} annotations */
function storeWith(...annotations) {
  const store = new Store(pageOf());
  store.load(annotations);
  return store;
}

/** @param {any} step @param {...any} annotations */
function orders(step, ...annotations) {
  return ordersOf(step, "a title", { store: storeWith(...annotations), api });
}

describe("the writes of a step", () => {
  const there = annotationOf({ version: 3, fields: { a: "1", b: "2" }, relations: RELATIONS });
  const said = { label: "fact", spans: there.spans, fields: there.fields, relations: [{ type: "about", to: "b" }] };

  test("a creation has what is said, without what the server gives", () => {
    expect(orders({ do: "create", annotation: there })).toEqual([{
      does: "create", title: "a title", method: "POST", path: "/work/annotations", annotation: "a", body: { id: "a", kind: "claim", ...said }, shown: there,
    }]);
  });

  test("a restoration of what the server had is one write, of what it never had two", () => {
    const restore = { does: "restore", title: "a title", method: "POST", path: "/work/annotations/a/restore", annotation: "a" };
    expect(orders({ do: "restore", annotation: there })).toEqual([{ ...restore, shown: there }]);
    const fresh = annotationOf({ version: 0 });
    expect(orders({ do: "restore", annotation: fresh }).map(({ does }) => does)).toEqual(["create", "restore"]);
  });

  test.each([
    ["delete", "DELETE", "", { shown: there }],
    ["submit", "POST", "/submit", {}],
    ["recall", "POST", "/recall", {}],
  ])("%s goes by the version that is known", (does, method, way, more) => {
    expect(orders({ do: does, id: "a" }, there)).toEqual([{ does, title: "a title", method, path: `/work/annotations/a${way}`, annotation: "a", base: 3, ...more }]);
  });

  test("an edit sends all fields, the changed ones changed and null ones left out", () => {
    const [order] = orders({ do: "edit", id: "a", from: {}, to: { label: "new", fields: { a: "9", b: null, c: "3" } } }, there);
    expect(order).toEqual({ does: "edit", title: "a title", method: "PATCH", path: "/work/annotations/a", annotation: "a", base: 3, was: said, body: { label: "new", fields: { a: "9", c: "3" } } });
    expect(orders({ do: "edit", id: "a", from: {}, to: { label: "new" } }, there)[0].body).toEqual({ label: "new" });
  });

  test("an edit goes by what the editor saw", () => {
    const [order] = ordersOf({ do: "edit", id: "a", from: {}, to: { label: "new" } }, "", { store: storeWith(there), api }, annotationOf({ version: 2, label: "old" }));
    expect([order.base, order.was?.label]).toEqual([2, "old"]);
  });

  test("of what is gone there are none", () => {
    for (const does of ["edit", "delete", "submit", "recall"]) expect(orders({ do: does, id: "a", from: {}, to: {} })).toEqual([]);
  });

  test("a call is what it says, and what it does not say is empty", () => {
    expect(orders({ do: "call", method: "POST", path: "/x" })).toEqual([{ does: "call", title: "a title", method: "POST", path: "/x", body: {}, annotation: "" }]);
    expect(orders({ do: "call", method: "PUT", path: "/x", body: { ids: [1] }, annotation: "a", chain: "c", deletes: ["b"] })).toEqual([
      { does: "call", title: "a title", method: "PUT", path: "/x", body: { ids: [1] }, annotation: "a", chain: "c" },
    ]);
  });
});

describe("what stands in the way", () => {
  const OTHER = { id: "other", name: "Ana" };
  const why = (/** @type {any} */ step, /** @type {any[]} */ ...annotations) => obstacle({ id: "a", ...step }, storeWith(...annotations));

  test("of a creation nothing, of a restoration what is there already", () => {
    expect(why({ do: "create", annotation: annotationOf() }, annotationOf())).toBeNull();
    expect(why({ do: "restore", annotation: annotationOf() }, annotationOf())).toBe("it is there already.");
    expect(why({ do: "restore", annotation: annotationOf() })).toBeNull();
  });

  test.each(["edit", "delete", "submit", "recall"])("of %s: it is gone, or somebody else's", (does) => {
    expect(why({ do: does, from: {}, to: {} })).toBe("it was deleted.");
    expect(why({ do: does, from: {}, to: {} }, annotationOf({ author: OTHER, state: "submitted" }))).toBe("Ana changed it since.");
  });

  test.each(["approved", "returned", "rejected", "withdrawn"])("a decision, but for submitting again: %s", (state) => {
    const decision = { verdict: "approve", note: "", by: "Rev", at: "" };
    for (const does of ["edit", "delete", "recall"]) {
      expect(why({ do: does, from: {}, to: {} }, annotationOf({ state, decision }))).toBe(`it was ${state} by Rev since.`);
      expect(why({ do: does, from: {}, to: {} }, annotationOf({ state }))).toBe(`it was ${state} since.`);
    }
    expect(why({ do: "submit" }, annotationOf({ state, decision }))).toBeNull();
  });

  test("to a deletion, that it is published, or in review where it must not be", () => {
    expect(why({ do: "delete" }, annotationOf({ published_version: 1 }))).toBe("it is published: withdraw it first.");
    expect(why({ do: "edit", from: {}, to: {} }, annotationOf({ published_version: 1 }))).toBeNull();
    expect(why({ do: "delete", unless: "submitted" }, annotationOf({ state: "submitted" }))).toBe("take it back from review first.");
    expect(why({ do: "delete", unless: "submitted" }, annotationOf())).toBeNull();
  });

  test("to taking back, that it is not in review", () => {
    expect(why({ do: "recall" }, annotationOf())).toBe("it is not in review any more.");
    expect(why({ do: "recall" }, annotationOf({ state: "submitted" }))).toBeNull();
    expect(why({ do: "submit" }, annotationOf())).toBeNull();
  });

  test("to an edit, that something else stands there now", () => {
    const there = annotationOf({ fields: { a: "1" } });
    expect(why({ do: "edit", from: { fields: { a: "1" } }, to: {} }, there)).toBeNull();
    expect(why({ do: "edit", from: { fields: { a: "2" } }, to: {} }, there)).toBe("it was changed since.");
    expect(why({ do: "edit", from: { fields: { b: null } }, to: {} }, there)).toBeNull();
    expect(why({ do: "edit", from: { fields: { a: null } }, to: {} }, there)).toBe("it was changed since.");
    expect(why({ do: "edit", from: { spans: [{ start: 0, end: 5, exact: "" }] }, to: {} }, there)).toBe("it was changed since.");
    expect(why({ do: "edit", from: { label: "other" }, to: {} }, there)).toBe("it was changed since.");
  });

  test("to a call, that it would delete what is in review", () => {
    const call = { do: "call", method: "POST", path: "" };
    expect(why({ ...call, deletes: ["b", "a"] }, annotationOf({ state: "submitted" }))).toBe("take it back from review first.");
    expect(why({ ...call, deletes: ["b", "a"] }, annotationOf())).toBeNull();
    expect(why(call, annotationOf({ state: "submitted" }))).toBeNull();
  });
});

describe("what a change replaces", () => {
  const there = annotationOf({ fields: { a: "1" }, relations: RELATIONS });

  test("is named as the change is, and nothing else", () => {
    expect(reversed(there, { label: "b" })).toEqual({ label: "fact" });
    expect(reversed(there, { spans: [] })).toEqual({ spans: there.spans });
    expect(reversed(there, { fields: { a: "2", b: "3" } })).toEqual({ fields: { a: "1", b: null } });
    expect(reversed(there, { relations: [] })).toEqual({ relations: [{ type: "about", to: "b" }] });
    expect(reversed(there, {})).toEqual({});
    expect(reversed(there, { label: "" })).toEqual({ label: "fact" });
  });
});
