/** The one stream that all pages of a browser share, on a stream that is played. */
import { beforeEach, expect, test, vi } from "vitest";
import { Stream } from "../../annotations/static/annotations/surface/live/stream.js";

/** @type {Played[]} */
let opened = [];

class Played {
  /** @param {string} url */
  constructor(url) {
    this.url = url;
    this.closed = false;
    /** @type {Map<string, (event: any) => void>} */
    this.listeners = new Map();
    opened.push(this);
  }

  addEventListener(name, listener) {
    this.listeners.set(name, listener);
  }

  close() {
    this.closed = true;
  }

  say(name, data) {
    this.listeners.get(name)?.({ data: JSON.stringify(data) });
  }
}

const tags = (source, seq) => ({ source, seq, type: "annotation.created", by: null, annotation: {} });

function listener(source, cursor) {
  const said = [];
  return { source, cursor, said, tell: (each) => said.push(each), seqs: () => said.flatMap((each) => (each.news ? [each.news.seq] : [])) };
}

const newest = () => opened[opened.length - 1];

/** @type {Stream} */
let stream;

beforeEach(() => {
  vi.useFakeTimers();
  opened = [];
  stream = new Stream("/live?as=me", (url) => /** @type {any} */ (new Played(url)));
});

test("those who come together share one stream", () => {
  stream.join(listener("a", 3));
  stream.join(listener("b", 5));
  vi.runAllTimers();

  expect(opened.map(({ url }) => url)).toEqual(["/live?as=me&on=a:3&on=b:5"]);
});

test("each hears of its own source alone", () => {
  const [a, b] = [listener("a", 0), listener("b", 0)];
  stream.join(a);
  stream.join(b);
  vi.runAllTimers();
  newest().say("annotation", tags("a", 1));

  expect([a.seqs(), b.seqs()]).toEqual([[1], []]);
});

test("who knows as much as the open stream has said joins it as it is", () => {
  stream.join(listener("a", 0));
  vi.runAllTimers();
  newest().say("annotation", tags("a", 7));
  const late = listener("a", 7);
  stream.join(late);
  vi.runAllTimers();
  newest().say("annotation", tags("a", 8));

  expect(opened).toHaveLength(1);
  expect(late.seqs()).toEqual([8]);
});

test("who knows less makes it begin again, and nobody hears anything twice", () => {
  const first = listener("a", 0);
  stream.join(first);
  vi.runAllTimers();
  newest().say("annotation", tags("a", 1));
  newest().say("annotation", tags("a", 2));
  const late = listener("a", 1);
  stream.join(late);
  vi.runAllTimers();

  expect(opened.map(({ url, closed }) => [url, closed])).toEqual([["/live?as=me&on=a:0", true], ["/live?as=me&on=a:1", false]]);
  newest().say("annotation", tags("a", 2));
  expect([first.seqs(), late.seqs()]).toEqual([[1, 2], [2]]);
});

test("after a break it goes on from what each source has had", () => {
  const a = listener("a", 0);
  stream.join(a);
  stream.join(listener("b", 4));
  vi.runAllTimers();
  newest().say("annotation", tags("a", 9));
  newest().say("error");

  expect(a.said[a.said.length - 1]).toEqual({ state: "cut" });
  vi.runAllTimers();
  expect(newest().url).toBe("/live?as=me&on=a:9&on=b:4");
});

test("a server that stays away is asked more and more seldom", () => {
  stream.join(listener("a", 0));
  vi.runAllTimers();
  const waits = [];
  for (let time = 0; time < 7; time++) {
    const before = Date.now();
    newest().say("error");
    vi.runAllTimers();
    waits.push(Date.now() - before);
  }

  expect(waits[0]).toBeLessThanOrEqual(2000);
  expect(Math.max(...waits)).toBeLessThanOrEqual(16_000);
  expect(waits[6]).toBeGreaterThan(waits[0]);
});

test("the stream ends with its last listener", () => {
  const leave = stream.join(listener("a", 0));
  vi.runAllTimers();
  leave();
  vi.runAllTimers();

  expect(opened.map(({ closed }) => closed)).toEqual([true]);
});

test("who may not read a source is told so", () => {
  const a = listener("a", 0);
  stream.join(a);
  vi.runAllTimers();
  newest().say("refused", { source: "a" });

  expect(a.said).toEqual([{ state: "refused" }]);
});
