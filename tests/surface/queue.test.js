import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { added, applied, chainOf, discarded, sendable, settled, started } from "../../annotations/static/annotations/surface/sync/write-queue.js";
import { outcomeOf } from "../../annotations/static/annotations/surface/sync/response-outcome.js";

const NOTHING_SAID = { label: "a", spans: [{ start: 0, end: 1, exact: "x" }], fields: {}, relations: [] };

function writeOf(number, chain, does, more = {}) {
  return {
    id: String(number).padStart(6, "0"), user: "me", desk: "", source: "", annotation: chain, chain, does, title: "", method: "", path: "",
    body: {}, base: null, was: null, shown: null, tries: 0, failure: null, ...more,
  };
}

/** As the work API behaves: creations by id, edits by version. */
class Server {
  constructor() {
    this.annotations = new Map();
    this.log = [];
  }

  answer({ id, annotation, does, body, base }) {
    const current = this.annotations.get(annotation);
    if (does === "create") {
      if (!current) this.#write(id, annotation, { ...NOTHING_SAID, version: 1, state: "draft" });
      return { status: current ? 200 : 201, body: this.annotations.get(annotation) };
    }
    if (!current) return { status: 404, body: {} };
    if (current.version !== base) return { status: 412, body: { current } };
    this.#write(id, annotation, { ...current, ...body, version: base + 1 });
    return { status: 200, body: this.annotations.get(annotation) };
  }

  /** Somebody else writes into a field of their own. */
  interfere(annotation, value) {
    const current = this.annotations.get(annotation);
    if (current) this.annotations.set(annotation, { ...current, fields: { ...current.fields, theirs: value }, version: current.version + 1 });
  }

  #write(id, annotation, state) {
    this.log.push(`${annotation} ${id}`);
    this.annotations.set(annotation, { id: annotation, ...state });
  }
}

/** A browser that may lose everything except what is stored. */
class Browser {
  constructor(server) {
    this.server = server;
    this.stored = [];
    this.busy = new Map();
    this.count = 0;
    this.fields = new Map();
  }

  change(change) {
    this.stored = applied(this.stored, change);
  }

  create(chain) {
    this.fields.set(chain, {});
    this.change(added(this.stored, writeOf(this.count++, chain, "create")));
  }

  edit(chain) {
    const before = this.fields.get(chain) ?? {};
    const fields = { ...before, mine: `value ${this.count}` };
    this.fields.set(chain, fields);
    const version = this.server.annotations.get(chain)?.version ?? 0;
    const was = { ...NOTHING_SAID, fields: { ...(this.server.annotations.get(chain)?.fields ?? {}), ...before } };
    this.change(added(this.stored, writeOf(this.count++, chain, "edit", { base: version, was, body: { fields: { ...was.fields, ...fields } } })));
  }

  take() {
    const [write] = sendable(this.stored, new Set(this.busy.keys()));
    if (!write) return null;
    this.change(started(this.stored, write.id));
    this.busy.set(write.chain, write);
    return write;
  }

  hear(write, answer) {
    const now = this.stored.find(({ id }) => id === write.id);
    const verdict = outcomeOf(now, answer, 0);
    if (verdict.is !== "again") this.change(settled(this.stored, write.id, verdict));
    this.busy.delete(write.chain);
  }

  restart() {
    this.busy.clear();
  }
}

const chain = fc.constantFrom("A", "B", "C");
const happening = fc.oneof(
  fc.record({ what: fc.constantFrom("create", "edit", "interfere"), chain }),
  fc.record({ what: fc.constantFrom("send", "lose the request", "lose the answer", "restart while sent", "fail") }),
);

function happen(browser, server, { what, chain }, number) {
  const known = browser.fields.has(chain);
  if (what === "create") return known || browser.create(chain);
  if (what === "edit") return known && browser.edit(chain);
  if (what === "interfere") return server.interfere(chain, `theirs ${number}`);
  const write = browser.take();
  if (!write) return;
  const sent = browser.stored.find(({ id }) => id === write.id);
  if (what === "lose the request") return browser.hear(write, null);
  if (what === "fail") return browser.hear(write, { status: 503, body: {} });
  const answer = server.answer(sent);
  if (what === "restart while sent") return browser.restart();
  browser.hear(write, what === "lose the answer" ? null : answer);
}

describe("writes that wait", () => {
  test("each arrives exactly once and in order, whatever is lost on the way", () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
        const server = new Server();
        const browser = new Browser(server);
        happenings.forEach((each, number) => happen(browser, server, each, number));
        for (let left = 200; browser.stored.length > 0 && left > 0; left--) happen(browser, server, { what: "send" });

        expect(browser.stored).toEqual([]);
        expect(new Set(server.log).size).toBe(server.log.length);
        expect(server.log.length).toBe(browser.count);
        for (const name of ["A", "B", "C"]) {
          const arrived = server.log.filter((line) => line.startsWith(name));
          expect(arrived).toEqual([...arrived].sort());
          const mine = browser.fields.get(name)?.mine;
          if (mine) expect(server.annotations.get(name).fields.mine).toBe(mine);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test("the second edit takes its version from the answer to the first", () => {
    let writes = [writeOf(1, "A", "edit", { base: 4 })];
    writes = applied(writes, added(writes, writeOf(2, "A", "edit", { base: 4 })));

    writes = applied(writes, settled(writes, "000001", { is: "done", version: 5 }));

    expect(writes.map(({ id, base }) => [id, base])).toEqual([["000002", 5]]);
  });

  test("deleting what was never sent takes all of it back", () => {
    const writes = [writeOf(1, "A", "create"), writeOf(2, "A", "edit"), writeOf(3, "B", "create")];

    const left = applied(writes, added(writes, writeOf(4, "A", "delete")));

    expect(left.map(({ id }) => id)).toEqual(["000003"]);
  });

  test("deleting what may have arrived is sent after it", () => {
    const writes = [writeOf(1, "A", "create", { tries: 1 })];

    const left = applied(writes, added(writes, writeOf(2, "A", "delete", { base: 0 })));

    expect(left.map(({ does, base }) => [does, base])).toEqual([["create", null], ["delete", null]]);
  });

  test("a link waits for the creation of what it leads to", () => {
    const link = writeOf(2, "B", "edit", { body: { relations: [{ type: "about", to: "A" }] } });
    const writes = [writeOf(1, "A", "create"), link];

    expect(sendable(writes, new Set(["A"]))).toEqual([]);
    expect(sendable([link], new Set())).toEqual([link]);
  });

  test("a refused write holds back its own chain only, until it is given up", () => {
    const failure = { status: 422, sentence: "", errors: {}, current: null };
    const writes = [writeOf(1, "A", "edit", { base: 3, failure }), writeOf(2, "A", "edit"), writeOf(3, "B", "create")];
    expect(sendable(writes, new Set()).map(({ id }) => id)).toEqual(["000003"]);

    const left = applied(writes, discarded(writes, "000001"));

    expect(chainOf(left, "A").map(({ id, base }) => [id, base])).toEqual([["000002", 3]]);
  });

  test("what is done beside a refused write does not wait for it", () => {
    const failure = { status: 412, sentence: "", errors: {}, current: null };
    const writes = [writeOf(1, "A", "edit", { base: 3, failure })];

    const left = applied(writes, added(writes, writeOf(2, "A", "edit", { base: 4 })));

    expect(sendable(left, new Set()).map(({ id, base }) => [id, base])).toEqual([["000002", 4]]);
  });

  test("giving up a refused creation gives up what hangs on it", () => {
    const failure = { status: 422, sentence: "", errors: {}, current: null };
    const writes = [writeOf(1, "A", "create", { failure }), writeOf(2, "A", "edit")];

    expect(applied(writes, discarded(writes, "000001"))).toEqual([]);
  });
});
