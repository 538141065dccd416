import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Api } from "../../annotations/static/annotations/surface/sync/api.js";
import { outcomeOf } from "../../annotations/static/annotations/surface/sync/response-outcome.js";

const WRITE = { user: "me", method: "POST", path: "/work/annotations", body: {}, base: null, does: "create" };

beforeEach(() => vi.stubGlobal("document", { cookie: "" }));
afterEach(() => vi.unstubAllGlobals());

/** @param {number} status @param {Record<string, string>} headers */
function answering(status, headers) {
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify({ detail: "Later." }), { status, headers }));
  return new Api({ urls: { work: "/work" }, csrfCookie: "csrftoken", me: { id: "me", name: "Me" } });
}

test("what was too much for the server is sent again, when it wants to be asked", async () => {
  const answer = await answering(429, { "Retry-After": "42" }).send(WRITE);

  expect(answer).toMatchObject({ status: 429, after: 42_000 });
  expect(outcomeOf(WRITE, answer, 0)).toEqual({ is: "again", because: "unreached" });
});

test("an answer that names no time may be asked for again at once", async () => {
  for (const headers of [{}, { "Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT" }]) {
    expect(await answering(503, headers).send(WRITE)).toMatchObject({ status: 503, after: 0 });
  }
});
