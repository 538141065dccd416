/** What an answer of the server means for its write. */
import { describe, expect, test } from "vitest";

import { outcomeOf } from "../../annotations/static/annotations/surface/sync/response-outcome.js";
import { annotationOf, failureOf, writeOf } from "./annotations.js";

const said = (status, body = {}) => ({ status, body });
const edit = writeOf(1, { base: 3 });

describe("is sent again", () => {
  test.each([408, 425, 429, 502, 503, 504])("after %i, as if the server was not reached", (status) => {
    expect(outcomeOf(edit, said(status), 99)).toEqual({ is: "again", because: "unreached" });
  });

  test("without an answer", () => {
    expect(outcomeOf(edit, null, 0)).toEqual({ is: "again", because: "unreached" });
  });

  test("with a token that was replaced meanwhile, but not after any other 403", () => {
    expect(outcomeOf(edit, said(403, { detail: "CSRF Failed: token incorrect" }), 0)).toEqual({ is: "again", because: "unreached" });
    expect(outcomeOf(edit, said(403, { detail: "Readers cannot tag. CSRF" }), 0).is).toBe("failed");
    expect(outcomeOf(edit, said(403), 0).is).toBe("failed");
    expect(outcomeOf(edit, said(400, { detail: "CSRF" }), 0).is).toBe("failed");
  });

  test("when the session is over", () => {
    expect(outcomeOf(edit, said(401), 0)).toEqual({ is: "again", because: "signed-out" });
  });

  test("after the server's own faults, five times", () => {
    for (const troubles of [0, 4]) for (const status of [500, 501, 599]) expect(outcomeOf(edit, said(status), troubles)).toEqual({ is: "again", because: "trouble" });
    expect(outcomeOf(edit, said(500), 5)).toEqual({ is: "failed", failure: failureOf({ status: 500, sentence: "The server answered 500." }) });
    expect(outcomeOf(edit, said(499), 0).is).toBe("failed");
  });
});

describe("is done", () => {
  test.each([200, 201, 299])("after %i, with the version that the answer names", (status) => {
    expect(outcomeOf(edit, said(status, { version: 4 }), 0)).toEqual({ is: "done", version: 4 });
    expect(outcomeOf(edit, said(status), 0)).toEqual({ is: "done", version: null });
  });

  test("when what it deletes is gone; other writes fail then", () => {
    expect(outcomeOf(writeOf(1, { does: "delete" }), said(404), 0)).toEqual({ is: "done", version: null });
    expect(outcomeOf(edit, said(404), 0).is).toBe("failed");
    expect(outcomeOf(writeOf(1, { does: "delete" }), said(403), 0).is).toBe("failed");
  });

  test.each([
    ["submit", {}, { state: "submitted" }, { state: "draft" }],
    ["recall", {}, { state: "draft" }, { state: "approved" }],
    ["decide", { verdict: "return", note: " Why? " }, { decision: { verdict: "return", note: "Why?" } }, { decision: { verdict: "return", note: "Because." } }],
    ["decide", { verdict: "approve" }, { decision: { verdict: "approve", note: "" } }, { decision: { verdict: "reject", note: "" } }],
    ["decide", { verdict: "approve" }, { decision: { verdict: "approve", note: "" } }, { decision: null }],
  ])("when an earlier try of it arrived: %s %o", (does, body, arrived, other) => {
    const write = writeOf(1, { does, base: 3, body });
    const answer = (about) => said(409, { current: annotationOf({ version: 3, ...about }) });
    expect(outcomeOf(write, answer(arrived), 0)).toEqual({ is: "done", version: 3 });
    expect(outcomeOf(write, answer(other), 0).is).toBe("failed");
    expect(outcomeOf(write, answer({ ...arrived, version: 4 }), 0).is).toBe("failed");
    expect(outcomeOf(write, said(409), 0).is).toBe("failed");
    expect(outcomeOf(write, said(400, { current: annotationOf({ version: 3, ...arrived }) }), 0).is).toBe("failed");
  });
});

describe("is refused", () => {
  test("with the server's sentence, what is wrong with each field, and how it is now", () => {
    const current = annotationOf({ version: 9 });
    expect(outcomeOf(edit, said(422, { detail: "No.", errors: { note: ["Too long."] }, current }), 0)).toEqual({
      is: "failed", failure: { status: 422, sentence: "No.", errors: { note: ["Too long."] }, current },
    });
    expect(outcomeOf(edit, said(422), 0)).toEqual({ is: "failed", failure: failureOf({ sentence: "The server answered 422." }) });
  });

  test("or put on top of a newer version, where that can be", () => {
    const was = { label: "fact", spans: annotationOf().spans, fields: {}, relations: [] };
    const write = writeOf(1, { was, body: { fields: { a: "mine" } } });
    const current = annotationOf({ version: 9, fields: { b: "theirs" } });
    expect(outcomeOf(write, said(412, { current }), 0)).toEqual({ is: "rebased", base: 9, body: { fields: { a: "mine", b: "theirs" } } });
    expect(outcomeOf(write, said(422, { current }), 0).is).toBe("failed");
    expect(outcomeOf(write, said(412), 0).is).toBe("failed");
  });
});
