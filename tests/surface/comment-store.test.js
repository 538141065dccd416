/** What is said about annotations, on a server that is played. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { CommentStore, threadsOf } from "../../annotations/static/annotations/surface/comments/comment-store.js";
import { Store } from "../../annotations/static/annotations/surface/model/store.js";
import { pageOf } from "./annotations.js";

const ANA = { id: "ana", name: "Ana" };

function comment(id, about = {}) {
  return { id, annotation: "a", thread: null, author: ANA, body: id, mentions: [], created_at: `2024-01-01T00:00:0${id.length}Z`, edited_at: null, deleted: false, resolved: null, ...about };
}

/** @type {CommentStore} */
let talk;
/** @type {Store} */
let store;
/** @type {any[]} */
let sent;
/** @type {string[]} */
let changed;
/** What the server answers: an answer or an Error to a write, and comments to a read. @type {{write: any, read: any[], status: number}} */
let server;

beforeEach(() => {
  server = { write: comment("x"), read: [], status: 200 };
  [sent, changed] = [[], []];
  store = new Store(pageOf());
  const write = async (...request) => {
    sent.push(request);
    if (server.write instanceof Error) throw server.write;
    return server.write;
  };
  talk = new CommentStore({ place: pageOf(), store, write });
  talk.on((annotation) => changed.push(annotation));
  vi.stubGlobal("fetch", vi.fn(async () => new Response(JSON.stringify(server.read), { status: server.status })));
});
afterEach(() => vi.unstubAllGlobals());

const ids = () => talk.said.get("a")?.map(({ id }) => id);

describe("reading", () => {
  test("takes what the server has, tells, and counts", async () => {
    server.read = [comment("x"), comment("xx", { thread: "x" }), comment("y", { resolved: { by: "Ana", at: "" } })];
    await talk.load("a");
    expect(fetch).toHaveBeenCalledWith("/work/annotations/a/comments");
    expect([ids(), changed, store.talk.get("a")]).toEqual([["x", "xx", "y"], ["a"], { open: 1, total: 3 }]);
    expect(sent).toEqual([]);
  });

  test("keeps what was not sent, unless the server has it", async () => {
    talk.said.set("a", [comment("x", { unsent: true }), comment("z", { unsent: true }), comment("gone")]);
    server.read = [comment("x")];
    await talk.load("a");
    expect(talk.said.get("a")).toEqual([comment("x"), comment("z", { unsent: true })]);
  });

  test("says which answer it got instead", async () => {
    server.status = 503;
    await expect(talk.load("a")).rejects.toThrow("the server answered 503");
    expect([ids(), changed]).toEqual([undefined, []]);
  });

  test("of what mentions me is told to the server, if it stands", async () => {
    const me = { mentions: [{ id: "me", name: "Me" }] };
    server.read = [comment("x", { mentions: [ANA] }), comment("y", { ...me, deleted: true })];
    await talk.load("a");
    expect(sent).toEqual([]);
    server.read = [comment("x"), comment("y", { mentions: [ANA, ...me.mentions] })];
    server.write = new Error("lost");
    await talk.load("a");
    expect(sent).toEqual([["POST", "/work/annotations/a/comments/seen", {}]]);
  });
});

describe("saying", () => {
  test("shows at once, unsent, with who is mentioned, and then as the server has it", async () => {
    const saying = talk.say("a", { body: "hello", thread: "x", mentions: ["ana"] }, [ANA]);
    const [shown] = talk.said.get("a") ?? [];
    expect(shown).toMatchObject({ annotation: "a", thread: "x", body: "hello", mentions: [ANA], author: { id: "me", name: "Me" }, edited_at: null, deleted: false, resolved: null, unsent: true });
    server.write = { ...shown, unsent: undefined, body: "hello!" };
    await saying.catch(() => {});
    expect(sent).toEqual([["POST", "/work/annotations/a/comments", { id: shown.id, body: "hello", mentions: ["ana"], thread: "x" }]]);
  });

  test("replaces what was shown by what the server answers", async () => {
    talk.write = async (method, path, body) => ({ ...comment(body.id), body: "as the server has it" });
    await talk.say("a", { body: "hello", thread: null, mentions: [] }, []);
    expect(talk.said.get("a")?.map(({ body, unsent }) => [body, unsent])).toEqual([["as the server has it", undefined]]);
    expect(changed).toEqual(["a", "a"]);
  });

  test("names no thread where there is none", async () => {
    await talk.say("a", { body: "hello", thread: null, mentions: [] }, []);
    expect("thread" in sent[0][2]).toBe(false);
  });

  test("takes it away again when it is refused, and says why", async () => {
    talk.said.set("a", [comment("x")]);
    server.write = new Error("Too long.");
    await expect(talk.say("a", { body: "hello", thread: null, mentions: [] }, [])).rejects.toThrow("Too long.");
    expect([ids(), changed, store.talk.get("a")]).toEqual([["x"], ["a", "a"], { open: 1, total: 1 }]);
  });
});

describe("a comment", () => {
  beforeEach(() => talk.said.set("a", [comment("x"), comment("xxx")]));

  test.each([
    ["edit", ["new", ["ana"]], "PATCH", "", { body: "new", mentions: ["ana"] }],
    ["remove", [], "DELETE", "", undefined],
    ["step", ["resolve"], "POST", "/resolve", {}],
  ])("is changed where it stands: %s", async (does, rest, method, way, body) => {
    server.write = comment("x", { body: "changed" });
    await talk[does](comment("x"), ...rest);
    expect(sent).toEqual([[method, `/work/comments/x${way}`, body]]);
    expect(talk.said.get("a")?.map(({ body }) => body)).toEqual(["changed", "xxx"]);
  });

  test("that is deleted can be brought back, and deleted again", () => {
    expect(talk.removal(comment("x"))).toEqual({
      undo: [{ do: "call", method: "POST", path: "/work/comments/x/restore" }], redo: [{ do: "call", method: "DELETE", path: "/work/comments/x" }],
    });
  });

  test("of somebody else is heard in its place, by time", () => {
    const news = { type: "comment.created", by: "ana", annotation: "a", comment: comment("yy"), comments: { open: 3, total: 3 } };
    talk.hear(news);
    expect([ids(), store.talk.get("a")]).toEqual([["x", "yy", "xxx"], { open: 3, total: 3 }]);
    talk.hear({ ...news, annotation: "b", comment: comment("z", { annotation: "b" }), comments: { open: 1, total: 1 } });
    expect([talk.said.has("b"), store.talk.get("b")]).toEqual([false, { open: 1, total: 1 }]);
  });
});

describe("members", () => {
  test("are asked for once", async () => {
    server.read = [ANA];
    expect(await Promise.all([talk.members(), talk.members()])).toEqual([[ANA], [ANA]]);
    expect(fetch).toHaveBeenCalledTimes(1);
    expect(fetch).toHaveBeenCalledWith("/work/members");
  });

  test("are asked for again after it went wrong", async () => {
    server.status = 500;
    await expect(talk.members()).rejects.toThrow("could not be loaded");
    Object.assign(server, { status: 200, read: [ANA] });
    expect(await talk.members()).toEqual([ANA]);
  });
});

test("a thread has answers of its own only", () => {
  expect(threadsOf([comment("x"), comment("y", { thread: "other" }), comment("z", { thread: "x", deleted: true })])).toEqual([{ root: comment("x"), replies: [] }]);
});
