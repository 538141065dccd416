import { describe, expect, test } from "vitest";

import { marked } from "../../annotations/static/annotations/surface/comments/comments.js";
import { countsOf, threadsOf } from "../../annotations/static/annotations/surface/comments/comment-store.js";

function comment(id, { thread = null, deleted = false, resolved = null } = {}) {
  return { id, thread, deleted, resolved, body: id, mentions: [] };
}

describe("threads", () => {
  test("answers stand under what they answer, in order", () => {
    const threads = threadsOf([comment("a"), comment("b"), comment("a1", { thread: "a" }), comment("a2", { thread: "a" })]);

    expect(threads.map(({ root, replies }) => [root.id, replies.map(({ id }) => id)])).toEqual([["a", ["a1", "a2"]], ["b", []]]);
  });

  test("a deleted beginning stays while somebody answers it", () => {
    const answered = [comment("a", { deleted: true }), comment("a1", { thread: "a" })];
    const alone = [comment("a", { deleted: true }), comment("a1", { thread: "a", deleted: true })];

    expect(threadsOf(answered)).toHaveLength(1);
    expect(threadsOf(alone)).toEqual([]);
  });

  test("counts are of open threads and of comments that stand", () => {
    const resolved = { by: "Ana", at: "2020-09-15T00:00:00Z" };
    const comments = [comment("a", { resolved }), comment("b", { deleted: true }), comment("b1", { thread: "b" }), comment("c", { deleted: true })];

    expect(countsOf(comments)).toEqual({ open: 1, total: 2 });
    expect(countsOf([])).toEqual({ open: 0, total: 0 });
  });
});

test("words without mentions stay one text, whatever signs they have", () => {
  expect(marked("@Ana (a+b)*", [])).toEqual(["@Ana (a+b)*"]);
  expect(marked("nobody is called", [{ id: "1", name: "A. (B)*" }])).toEqual(["nobody is called"]);
});
