/** The order in which writes go out, rule by rule; queue.test.js plays it against a server. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { NOTHING, added, applied, chainOf, discarded, inOrder, replaced, sendable, settled, started } from "../../annotations/static/annotations/surface/sync/write-queue.js";
import { annotationOf, failureOf, writeOf } from "./annotations.js";

const ids = (writes) => writes.map(({ id }) => Number(id));
const names = (change) => ({ put: ids(change.put), remove: change.remove.map(Number) });

describe("a change of the queue", () => {
  test("takes out, puts in, replaces by id, and leaves the order that of the ids", () => {
    const writes = [writeOf(1), writeOf(2), writeOf(4)];
    const after = applied(writes, { put: [writeOf(3), writeOf(2, { tries: 1 })], remove: ["000004"] });

    expect(ids(after)).toEqual([1, 2, 3]);
    expect(after[1].tries).toBe(1);
    expect(applied(writes, NOTHING)).toEqual(writes);
  });

  test("sorts, whatever the order, and leaves what it was given", () => {
    fc.assert(fc.property(fc.uniqueArray(fc.nat(999), { maxLength: 12 }), (numbers) => {
      const writes = numbers.map((number) => writeOf(number));
      const sorted = inOrder(writes);

      expect(ids(sorted)).toEqual([...numbers].sort((a, b) => a - b));
      expect(ids(writes)).toEqual(numbers);
    }));
  });
});

describe("one more write", () => {
  test("is put as it is where nothing of its chain waits", () => {
    const write = writeOf(2, { base: 7 });
    expect(added([writeOf(1, { annotation: "b" })], write)).toEqual({ put: [write], remove: [] });
  });

  test.each(["edit", "delete", "submit", "recall", "decide"])("behind another takes its version from it: %s", (does) => {
    expect(added([writeOf(1)], writeOf(2, { does, base: 7 })).put).toEqual([writeOf(2, { does, base: null })]);
  });

  test.each(["create", "restore", "call"])("behind another keeps what it says where it needs no version: %s", (does) => {
    expect(added([writeOf(1)], writeOf(2, { does, base: 7 })).put[0].base).toBe(7);
  });

  test("beside a refused chain goes its own way, with its own version, even a deletion", () => {
    for (const does of ["edit", "delete"]) {
      const first = writeOf(1, { does: "create", failure: failureOf() });
      expect(added([first], writeOf(2, { does, base: 7 }))).toEqual({ put: [writeOf(2, { does, base: 7, chain: "000002" })], remove: [] });
    }
  });

  test("a deletion takes back a creation that was never sent, with everything behind it", () => {
    const writes = [writeOf(1, { does: "create" }), writeOf(2), writeOf(3, { annotation: "b" })];
    expect(names(added(writes, writeOf(4, { does: "delete" })))).toEqual({ put: [], remove: [1, 2] });
  });

  test("a deletion is not swallowed: the server may have, or has, what it deletes", () => {
    const sent = [writeOf(1, { does: "create", tries: 1 }), writeOf(2)];
    const edited = [writeOf(1), writeOf(2)];
    const later = [writeOf(1, { does: "create" }), writeOf(2, { tries: 1 })];
    for (const writes of [sent, edited, later]) expect(names(added(writes, writeOf(3, { does: "delete" })))).toEqual({ put: [3], remove: [] });
  });

  test("anything else than a deletion takes nothing back", () => {
    expect(names(added([writeOf(1, { does: "create" })], writeOf(2, { does: "submit" })))).toEqual({ put: [2], remove: [] });
  });
});

describe("what may go out now", () => {
  test("is the first of each chain that is not busy", () => {
    const writes = [writeOf(1), writeOf(2), writeOf(3, { annotation: "b" }), writeOf(4, { annotation: "c" })];
    expect(ids(sendable(writes, new Set()))).toEqual([1, 3, 4]);
    expect(ids(sendable(writes, new Set(["a", "c"])))).toEqual([3]);
  });

  test("is nothing behind a refused write of the same chain", () => {
    expect(ids(sendable([writeOf(1, { failure: failureOf() }), writeOf(2), writeOf(3, { annotation: "b" })], new Set()))).toEqual([3]);
  });

  test("is no link to what is not created yet, but one to itself or to what is there", () => {
    const relations = (to) => ({ body: { relations: [{ type: "about", to }] } });
    const creation = writeOf(1, { annotation: "b", does: "create" });
    expect(ids(sendable([creation, writeOf(2, relations("b"))], new Set()))).toEqual([1]);
    expect(ids(sendable([creation, writeOf(2, relations("elsewhere"))], new Set()))).toEqual([1, 2]);
    expect(ids(sendable([writeOf(1, { does: "create", ...relations("a") })], new Set()))).toEqual([1]);
    expect(ids(sendable([writeOf(1, { annotation: "b" }), writeOf(2, relations("b"))], new Set()))).toEqual([1, 2]);
  });

  test("does not change what is busy", () => {
    const busy = new Set(["a"]);
    sendable([writeOf(1, { annotation: "b" })], busy);
    expect([...busy]).toEqual(["a"]);
  });
});

test("a write is marked as sent once", () => {
  const writes = [writeOf(1), writeOf(2, { tries: 1 })];
  expect(started(writes, "000001")).toEqual({ put: [writeOf(1, { tries: 1 })], remove: [] });
  expect(started(writes, "000002")).toBe(NOTHING);
  expect(started(writes, "000009")).toBe(NOTHING);
});

describe("an answer", () => {
  const done = { is: "done", version: 8 };

  test("to a write that was taken back changes nothing", () => {
    expect(settled([writeOf(1)], "000009", done)).toBe(NOTHING);
    expect(discarded([writeOf(1)], "000009")).toBe(NOTHING);
  });

  test("that refuses stays with its write", () => {
    expect(settled([writeOf(1)], "000001", { is: "failed", failure: failureOf() })).toEqual({ put: [writeOf(1, { failure: failureOf() })], remove: [] });
  });

  test("that names a newer version puts the write on it", () => {
    expect(settled([writeOf(1, { base: 3 })], "000001", { is: "rebased", base: 5, body: { label: "b" } })).toEqual({ put: [writeOf(1, { base: 5, body: { label: "b" } })], remove: [] });
  });

  test("hands its version to the next write of the chain, and to no other", () => {
    const writes = [writeOf(1), writeOf(2, { annotation: "b" }), writeOf(3), writeOf(4)];
    expect(settled(writes, "000001", done)).toEqual({ put: [writeOf(3, { base: 8 })], remove: ["000001"] });
    expect(names(settled(writes, "000004", done))).toEqual({ put: [], remove: [4] });
  });

  test("hands no version to what needs none, and none that it has not", () => {
    const restore = [writeOf(1), writeOf(2, { does: "restore", base: 1 })];
    expect(names(settled(restore, "000001", done))).toEqual({ put: [], remove: [1] });
    expect(names(settled([writeOf(1), writeOf(2, { base: 1 })], "000001", { is: "done", version: null }))).toEqual({ put: [], remove: [1] });
  });
});

describe("a write that is given up", () => {
  test("leaves the version that the server has to the next, or the one it was made on", () => {
    const next = writeOf(2);
    const known = failureOf({ current: annotationOf({ version: 9 }) });
    expect(discarded([writeOf(1, { base: 4, failure: known }), next], "000001").put).toEqual([writeOf(2, { base: 9 })]);
    expect(discarded([writeOf(1, { base: 4, failure: failureOf() }), next], "000001").put).toEqual([writeOf(2, { base: 4 })]);
  });

  test("takes with it what hangs on a creation, and on nothing else", () => {
    const creation = [writeOf(1, { does: "create", failure: failureOf() }), writeOf(2), writeOf(3, { annotation: "b" })];
    expect(names(discarded(creation, "000001"))).toEqual({ put: [], remove: [1, 2] });
    expect(names(discarded([writeOf(1, { failure: failureOf() }), writeOf(2)], "000001")).remove).toEqual([1]);
  });
});

test("a chain is let go for one write, or for none", () => {
  const writes = [writeOf(1), writeOf(2, { annotation: "b" }), writeOf(3)];
  expect(names(replaced(writes, "a", writeOf(4)))).toEqual({ put: [4], remove: [1, 3] });
  expect(names(replaced(writes, "a", null))).toEqual({ put: [], remove: [1, 3] });
  expect(ids(chainOf(writes, "a"))).toEqual([1, 3]);
});
