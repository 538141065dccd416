/** What the filters offer. */
import { beforeEach, describe, expect, test } from "vitest";

import { Store } from "../../annotations/static/annotations/surface/model/store.js";
import { choicesOf, shownOf, tallyOf, waysOf } from "../../annotations/static/annotations/surface/panel/filter-choices.js";
import { annotationOf, pageOf } from "./annotations.js";

/** @type {Store} */
let store;
beforeEach(() => {
  store = new Store(pageOf());
  store.load([
    annotationOf({ id: "1" }), annotationOf({ id: "2", state: "submitted" }), annotationOf({ id: "3", kind: "entity", author: { id: "ana", name: "Ana" } }), annotationOf({ id: "4", label: "lost" }),
  ]);
  store.setTalk("3", { open: 2, total: 2 });
  store.setTalk("4", { open: 0, total: 2 });
});

/** The choices of a way as they read. @param {string} name */
function texts(name) {
  return choicesOf(store, /** @type {any} */ (waysOf(store).find((way) => way.name === name))).map(({ value, text }) => `${value}: ${text}`);
}

describe("what can be chosen", () => {
  test("is what there is, with how many, by its name, after everything", () => {
    expect(texts("state")).toEqual([": All states", "draft: Draft (3)", "submitted: In review (1)"]);
    expect(texts("label")).toEqual([": All labels", "claim/fact: Claim: Fact (2)", "claim/lost: Claim: lost (1)", "entity/fact: Entity: Fact (1)"]);
    expect(texts("author")).toEqual([": All authors", "ana: Ana (1)", "me: Me (3)"]);
    expect(texts("talk")).toEqual([": All", "open: Unresolved (1)"]);
  });

  test("keeps a choice of which nothing is left, and says so", () => {
    store.setFilter({ state: "approved" });
    expect(texts("state")).toEqual([": All states", "draft: Draft (3)", "submitted: In review (1)", "approved: None left"]);
    store.setFilter({ state: "draft" });
    expect(texts("state")).toHaveLength(3);
  });
});

test("the tally names the first of each and leaves out what is empty", () => {
  const [one, two, three] = ["a", "b", "c"].map((id) => annotationOf({ id }));
  expect([...tallyOf([one, two, three], ({ id }) => (id === "b" ? "" : "x"))]).toEqual([["x", { first: one, count: 2 }]]);
});

test("how many are shown of how many", () => {
  expect(shownOf(store)).toBe("4");
  store.setFilter({ state: "draft" });
  expect(shownOf(store)).toBe("3 of 4");
  store.load(Array.from({ length: 1200 }, (_, nth) => annotationOf({ id: `n${nth}`, state: nth < 1100 ? "draft" : "approved" })));
  expect(shownOf(store)).toBe("1,100 of 1,200");
});
