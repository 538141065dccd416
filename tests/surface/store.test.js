/** What the annotate page knows, and whom it tells. */
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";

import { Store, overlaps, quoted, shortened, words } from "../../annotations/static/annotations/surface/model/store.js";
import { annotationOf, pageOf } from "./annotations.js";

/** @type {Store} */
let store;
/** @type {string[]} */
let told;
const TOPICS = /** @type {const} */ (["annotations", "selected", "held", "passage", "draft", "filter", "matches", "linked", "loaded", "talk", "presence"]);
const at = (/** @type {number} */ second) => new Date(1_700_000_000_000 + second * 1000).toISOString();
const order = () => store.ordered.map(({ id }) => id);

/** What is told meanwhile. @param {() => void} run */
function tells(run) {
  told = [];
  run();
  return told;
}

beforeEach(() => {
  store = new Store(pageOf());
  told = [];
  for (const topic of TOPICS) store.on([topic], () => told.push(topic));
});

describe("listeners", () => {
  test("hear of each of their topics, once for each change", () => {
    /** @type {string[]} */
    const heard = [];
    store.on(["passage", "linked"], () => heard.push("both"));
    store.setPassage({ start: 0, end: 1 });
    store.setLinked({ start: 0, end: 1 });
    store.setMatches([], -1);
    expect(heard).toEqual(["both", "both"]);
  });
});

describe("what the server has", () => {
  test("is taken in by its place: by the start, the longer first, then by id", () => {
    store.load([annotationOf({ id: "d", at: [5, 6] }), annotationOf({ id: "c", at: [0, 2] }), annotationOf({ id: "b", at: [0, 2] }), annotationOf({ id: "a", at: [0, 9] })]);
    expect(order()).toEqual(["a", "b", "c", "d"]);
    expect(store.loaded).toBe(true);
    expect(told).toEqual(["annotations", "loaded"]);
  });

  test("replaces what it does not name, but for what it never had", () => {
    store.load([annotationOf({ id: "gone" }), annotationOf({ id: "stays" })]);
    store.show(annotationOf({ id: "new", version: 0 }));
    store.select("gone");
    expect(tells(() => store.load([annotationOf({ id: "stays", version: 2 })]))).toEqual(["annotations", "loaded", "selected"]);
    expect([...store.annotations.keys()].sort()).toEqual(["new", "stays"]);
    expect(store.annotations.get("stays")?.version).toBe(2);
    expect(store.selected).toBeNull();
  });

  test("keeps the selection of what stays, and what is newer here", () => {
    store.load([annotationOf({ version: 3, label: "newer" })]);
    store.select("a");
    store.load([annotationOf({ version: 2, label: "older" })]);
    expect([store.selected, store.annotations.get("a")?.label]).toEqual(["a", "newer"]);
  });

  test("shows with what waits on top of it, and not when that deletes it", () => {
    store.overlay = (annotation) => ({ ...annotation, label: "waiting", deleted: annotation.id === "b" });
    store.load([annotationOf(), annotationOf({ id: "b" })]);
    store.put(annotationOf({ id: "c" }));
    expect(order()).toEqual(["a", "c"]);
    expect(store.ordered.map(({ label }) => label)).toEqual(["waiting", "waiting"]);
  });
});

describe("news", () => {
  test("change what they change, and say so once for many", () => {
    store.load([annotationOf()]);
    expect(tells(() => expect(store.putAll([annotationOf({ version: 2 }), annotationOf({ id: "b" })])).toBe(2))).toEqual(["annotations"]);
    expect(tells(() => expect(store.putAll([annotationOf({ version: 2 }), annotationOf({ id: "b" })])).toBe(0))).toEqual([]);
    expect(tells(() => expect(store.put(annotationOf({ id: "c" }))).toBe(true))).toEqual(["annotations"]);
    expect(store.put(annotationOf({ id: "c" }))).toBe(false);
  });

  test("that are older, by version or by time, change nothing", () => {
    store.load([annotationOf({ version: 3, updated_at: at(10) })]);
    expect(store.put(annotationOf({ version: 2, updated_at: at(20) }))).toBe(false);
    expect(store.put(annotationOf({ version: 3, updated_at: at(9), state: "submitted" }))).toBe(false);
    expect(store.put(annotationOf({ version: 3, updated_at: at(10), state: "submitted" }))).toBe(true);
    expect(store.put(annotationOf({ version: 4, updated_at: at(10) }))).toBe(true);
  });

  test("are always newer than what the server never had", () => {
    store.show(annotationOf({ version: 0, updated_at: at(50) }));
    expect(store.put(annotationOf({ version: 1, updated_at: at(10) }))).toBe(true);
  });

  test("of a deletion take it away, with the selection, for good", () => {
    store.load([annotationOf({ updated_at: at(10) })]);
    store.select("a");
    expect(tells(() => expect(store.put(annotationOf({ updated_at: at(20), deleted: true }))).toBe(true))).toEqual(["annotations", "selected"]);
    expect([order(), store.selected]).toEqual([[], null]);
    expect(store.put(annotationOf({ updated_at: at(15) }))).toBe(false);
    expect(store.put(annotationOf({ updated_at: at(20) }))).toBe(true); // restored in the same moment
    expect(store.put(annotationOf({ id: "b", deleted: true }))).toBe(false);
  });

  test("after a restoration are not held up by the deletion", () => {
    store.put(annotationOf({ updated_at: at(20), deleted: true }));
    store.show(annotationOf({ version: 0, updated_at: at(1) }));
    expect(store.put(annotationOf({ updated_at: at(15), label: "b" }))).toBe(true);
  });

  test("move it where its spans are", () => {
    store.load([annotationOf({ at: [0, 2] }), annotationOf({ id: "b", at: [5, 7] }), annotationOf({ id: "c", at: [8, 9] })]);
    store.show(annotationOf({ at: [7, 8], version: 2 }));
    expect(order()).toEqual(["b", "a", "c"]);
    expect(store.ordered[1].spans[0].start).toBe(7);
  });

  test("leave one of each in order, whatever comes and goes", () => {
    const spans = fc.tuple(fc.nat(9), fc.integer({ min: 1, max: 5 })).map(([start, length]) => [start, start + length]);
    const news = fc.record({ id: fc.constantFrom("a", "b", "c", "d"), at: spans, deleted: fc.boolean(), what: fc.constantFrom("put", "show", "remove", "load") });
    fc.assert(fc.property(fc.array(news, { maxLength: 30 }), (all) => {
      const fresh = new Store(pageOf());
      all.forEach(({ what, ...about }, nth) => {
        const annotation = annotationOf({ ...about, version: nth + 1, updated_at: at(nth) });
        if (what === "put") fresh.put(annotation);
        else if (what === "show") fresh.show({ ...annotation, deleted: false });
        else if (what === "remove") fresh.remove(about.id);
        else fresh.load([annotation, ...fresh.ordered.filter(({ id }) => id !== about.id)]);
        const place = (/** @type {any} */ { spans: [{ start, end }], id }) => [String(start).padStart(3, "0"), String(999 - end).padStart(3, "0"), id].join();
        expect(fresh.ordered.map(place)).toEqual([...fresh.annotations.values()].map(place).sort());
      });
    }));
  });
});

describe("what the editor did", () => {
  test("shows whatever the server said, and is told where it changes anything", () => {
    store.load([annotationOf({ version: 5 })]);
    expect(tells(() => store.show(annotationOf({ version: 1, label: "b" })))).toEqual(["annotations"]);
    expect(tells(() => store.show(annotationOf({ version: 1, label: "b" })))).toEqual([]);
  });

  test("takes away what is there, with the selection", () => {
    store.load([annotationOf(), annotationOf({ id: "b" })]);
    store.select("a");
    expect(tells(() => store.remove("b"))).toEqual(["annotations"]);
    expect(tells(() => store.remove("b"))).toEqual([]);
    expect(tells(() => store.remove("a"))).toEqual(["annotations", "selected"]);
    expect(store.selected).toBeNull();
  });
});

describe("one is selected", () => {
  beforeEach(() => store.load([annotationOf(), annotationOf({ id: "b" })]));

  test("and told once", () => {
    expect(tells(() => expect(store.select("a")).toBe(true))).toEqual(["selected"]);
    expect(tells(() => expect(store.select("a")).toBe(true))).toEqual([]);
    expect(store.current?.id).toBe("a");
    store.select("not there");
    expect(store.current).toBeNull();
  });

  test("unless a tag is unfinished, which is shown before it", () => {
    store.select("a");
    const draft = annotationOf({ id: "draft", version: 0 });
    expect(tells(() => store.setDraft(draft))).toEqual(["selected", "draft"]);
    expect([store.current, store.selected]).toEqual([draft, null]);
    expect(tells(() => expect(store.select("b")).toBe(false))).toEqual(["held"]);
    expect(store.selected).toBeNull();
    expect(tells(() => expect(store.select(null)).toBe(true))).toEqual([]);
    expect(tells(() => expect(store.select("draft")).toBe(true))).toEqual(["selected"]);
    expect(tells(() => store.setDraft(null))).toEqual(["draft"]);
    expect(tells(() => store.setDraft(null))).toEqual([]);
  });
});

test.each([["setPassage", "passage"], ["setLinked", "linked"]])("%s tells of a place, and once that there is none", (does, topic) => {
  const span = { start: 1, end: 2 };
  expect(tells(() => store[does](null))).toEqual([]);
  expect(tells(() => store[does](span))).toEqual([topic]);
  expect(store[topic]).toBe(span);
  expect(tells(() => store[does](null))).toEqual([topic]);
  expect(store[topic]).toBeNull();
});

test("matches and people are told", () => {
  expect(tells(() => store.setMatches([{ start: 0, end: 1 }], 0))).toEqual(["matches"]);
  expect(store.matches).toEqual({ found: [{ start: 0, end: 1 }], at: 0 });
  const people = new Map();
  expect(tells(() => store.setPresence(people))).toEqual(["presence"]);
  expect(store.presence).toBe(people);
});

test("how much is said is told where it changes", () => {
  expect(tells(() => store.setTalk("a", { open: 0, total: 0 }))).toEqual([]);
  expect(tells(() => store.setTalk("a", { open: 0, total: 1 }))).toEqual(["talk"]);
  expect(tells(() => store.setTalk("a", { open: 1, total: 1 }))).toEqual(["talk"]);
  expect(tells(() => store.setTalk("a", { open: 1, total: 1 }))).toEqual([]);
  expect(store.talk.get("a")).toEqual({ open: 1, total: 1 });
});

describe("filters", () => {
  beforeEach(() => {
    store.load([
      annotationOf({ id: "1", at: [0, 1] }),
      annotationOf({ id: "2", at: [1, 2], kind: "entity" }),
      annotationOf({ id: "3", at: [2, 3], state: "approved", author: { id: "ana", name: "Ana" } }),
      annotationOf({ id: "4", at: [3, 4], label: "other" }),
    ]);
    store.setTalk("4", { open: 1, total: 2 });
    store.setTalk("3", { open: 0, total: 2 });
  });
  const shown = () => store.shown.map(({ id }) => id).join("");

  test("let everything through, in order, until they are set", () => {
    expect([shown(), store.isFiltered]).toEqual(["1234", false]);
  });

  test.each([
    [{ state: "approved" }, "3"], [{ label: "claim/other" }, "4"], [{ label: "entity/fact" }, "2"], [{ author: "ana" }, "3"], [{ talk: "open" }, "4"],
    [{ state: "draft", author: "ana" }, ""],
  ])("by %o", (filter, ids) => {
    expect(tells(() => store.setFilter(/** @type {any} */ (filter)))).toEqual(["filter"]);
    expect([shown(), store.isFiltered]).toEqual([ids, true]);
  });

  test("by kind, on and off", () => {
    expect(tells(() => store.toggle("entity"))).toEqual(["filter"]);
    expect([shown(), store.isFiltered]).toEqual(["134", true]);
    store.toggle("entity");
    expect([shown(), store.isFiltered]).toEqual(["1234", false]);
  });

  test("go on from each other, and are cleared at once", () => {
    store.setFilter({ state: "draft" });
    store.setFilter({ label: "claim/fact" });
    store.toggle("claim");
    expect(shown()).toBe("");
    store.toggle("claim");
    expect(shown()).toBe("1");
    store.toggle("claim");
    expect(tells(() => store.clearFilters())).toEqual(["filter"]);
    expect([shown(), store.isFiltered]).toEqual(["1234", false]);
  });

  test("never hide an unfinished tag", () => {
    store.setDraft(annotationOf({ id: "draft" }));
    store.setFilter({ state: "approved" });
    expect(store.shown.map(({ id }) => id)).toEqual(["3", "draft"]);
  });
});

test("the index of places follows what is shown, and is kept meanwhile", () => {
  store.load([annotationOf({ at: [0, 4] })]);
  const { index } = store;
  expect(index.at(2)).toEqual(["a"]);
  store.select("a");
  store.setMatches([], -1);
  expect(store.index).toBe(index);
  store.toggle("claim");
  expect(store.index.at(2)).toEqual([]);
  store.toggle("claim");
  store.put(annotationOf({ id: "b", at: [2, 3] }));
  expect(store.index.at(2)).toEqual(["b", "a"]);
  store.setDraft(annotationOf({ id: "draft", at: [9, 10] }));
  expect(store.index.at(9)).toEqual(["draft"]);
});

test("the codebook names kinds and labels; a label that it lost is its own name", () => {
  expect(store.rule("entity").title).toBe("Entity");
  expect(() => store.rule("quote")).toThrow("no kind quote");
  expect(store.labelTitle(annotationOf())).toBe("Fact");
  expect(store.labelTitle(annotationOf({ label: "lost" }))).toBe("lost");
  expect([store.isMine(annotationOf()), store.isMine(annotationOf({ author: { id: "you", name: "Me" } }))]).toEqual([true, false]);
});

describe("words for people", () => {
  test("of all parts, shortened", () => {
    const spans = [{ start: 0, end: 3, exact: "one" }, { start: 5, end: 8, exact: "two" }];
    expect(words(/** @type {any} */ ({ spans }))).toBe("one … two");
    expect(words(/** @type {any} */ ({ spans }), 5)).toBe("one …");
    expect(words(/** @type {any} */ ({ spans: [{ exact: "x".repeat(140) }] }))).toBe("x".repeat(140));
    expect(words(/** @type {any} */ ({ spans: [{ exact: "x".repeat(141) }] }))).toBe(`${"x".repeat(139)}…`);
  });

  test("as long as the limit stay whole", () => {
    expect([shortened("abcd", 4), shortened("abcde", 4)]).toEqual(["abcd", "abc…"]);
  });

  test("in quotation marks, unless they begin with one", () => {
    expect(quoted("Ankara")).toBe("“Ankara”");
    expect(quoted("it’s")).toBe("“it’s”");
    for (const mark of "“„«‘\"'‚`´»") expect(quoted(`${mark}a`)).toBe(`${mark}a`);
  });
});

test("spans overlap where they share a code point", () => {
  const parts = [{ start: 2, end: 4, exact: "" }, { start: 8, end: 9, exact: "" }];
  fc.assert(fc.property(fc.nat(12), fc.integer({ min: 1, max: 5 }), (start, length) => {
    const points = Array.from({ length }, (_, nth) => start + nth);
    expect(overlaps({ start, end: start + length }, parts)).toBe(points.some((point) => [2, 3, 8].includes(point)));
  }));
});
