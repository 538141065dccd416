import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { recorded, redone, undone } from "../../annotations/static/annotations/surface/model/undo-history.js";
import { obstacle } from "../../annotations/static/annotations/surface/model/undo-steps.js";

const empty = { done: [], undone: [] };
const deed = (id) => ({ id: String(id), title: "", undo: [], redo: [] });
const ids = (deeds) => deeds.map(({ id }) => id);

describe("undoing does not delete what is in review", () => {
  const store = (state) => ({ annotations: new Map([["a", { id: "a", state, author: {}, published_version: null }]]), isMine: () => true });
  const steps = [
    { do: "delete", id: "a", unless: "submitted" },
    { do: "call", method: "POST", path: "reopen", deletes: ["b", "a"] },
  ];

  test.each(steps)("by $do", (step) => {
    expect(obstacle(step, store("submitted"))).toMatch("review");
    expect(obstacle(step, store("draft"))).toBeNull();
  });

  test("but deleting it once more does, as the person asked for", () => {
    expect(obstacle({ do: "delete", id: "a" }, store("submitted"))).toBeNull();
  });
});

describe("the log of what was done", () => {
  test("it is as two stacks of a naive model, the oldest dropped", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("do", "undo", "redo"), { maxLength: 300 }), (happenings) => {
        let log = empty;
        let [done, waiting] = [[], []];
        happenings.forEach((what, number) => {
          if (what === "do") {
            log = recorded(log, deed(number));
            [done, waiting] = [[...done, String(number)].slice(-100), []];
          } else if (what === "undo" && done.length > 0) {
            log = undone(log, done.at(-1));
            waiting.push(done.pop());
          } else if (what === "redo" && waiting.length > 0) {
            log = redone(log);
            done.push(waiting.pop());
          }
          expect([ids(log.done), ids(log.undone)]).toEqual([done, waiting]);
        });
      }),
    );
  });

  test("one in the middle is undone by its name", () => {
    const log = [1, 2, 3].reduce((log, id) => recorded(log, deed(id)), empty);

    expect(ids(undone(log, "2").done)).toEqual(["1", "3"]);
    expect(undone(log, "9")).toBe(log);
  });
});
