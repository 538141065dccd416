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

test("every topic is passed on with its name; people have no number", () => {
  const a = listener("a", 0);
  stream.join(a);
  vi.runAllTimers();
  newest().say("comment", { source: "a", seq: 1 });
  newest().say("presence", { source: "a", people: [], gone: [] });
  newest().say("presence", { source: "b", people: [], gone: [] });

  expect(a.said).toEqual([{ news: { topic: "comment", source: "a", seq: 1 } }, { news: { topic: "presence", source: "a", people: [], gone: [] } }]);
  expect(a.cursor).toBe(1);
});

test("what a listener has had is not said again, the very event included", () => {
  const a = listener("a", 5);
  stream.join(a);
  vi.runAllTimers();
  for (const seq of [4, 5, 6, 6]) newest().say("annotation", tags("a", seq));

  expect(a.seqs()).toEqual([6]);
});

test("the stream begins where the one begins who knows least of a source", () => {
  for (const cursor of [5, 3, 9]) stream.join(listener("a", cursor));
  vi.runAllTimers();

  expect(newest().url).toBe("/live?as=me&on=a:3");
});

test("all hear that it runs, and who comes later how it is", () => {
  const a = listener("a", 0);
  stream.join(a);
  vi.runAllTimers();
  newest().say("open");
  const late = listener("a", 0);
  stream.join(late);

  expect([a.said, late.said]).toEqual([[{ state: "live" }], [{ state: "live" }]]);
});

test("who comes before it runs hears that it does not", () => {
  stream.join(listener("a", 0));
  vi.runAllTimers();
  const late = listener("a", 3);
  stream.join(late);

  expect(late.said).toEqual([{ state: "cut" }]);
});

test("another source makes it begin again, once for those who come together", () => {
  stream.join(listener("a", 0));
  vi.runAllTimers();
  stream.join(listener("b", 0));
  vi.advanceTimersByTime(20);
  stream.join(listener("c", 0));
  vi.advanceTimersByTime(29);
  expect(opened).toHaveLength(1);
  vi.advanceTimersByTime(1);

  expect(opened.map(({ url }) => url)).toEqual(["/live?as=me&on=a:0", "/live?as=me&on=a:0&on=b:0&on=c:0"]);
});

test("it stays as it is while somebody listens to the same source, and goes on without one that nobody does", () => {
  const leaves = [listener("a", 0), listener("a", 0), listener("b", 0)].map((each) => stream.join(each));
  vi.runAllTimers();
  leaves[0]();
  vi.runAllTimers();
  expect(opened).toHaveLength(1);
  leaves[0](); // once more
  leaves[1]();
  vi.runAllTimers();

  expect(opened.map(({ url, closed }) => [url, closed])).toEqual([["/live?as=me&on=a:0&on=b:0", true], ["/live?as=me&on=b:0", false]]);
});

test("leaving twice changes nothing", () => {
  const leave = stream.join(listener("a", 0));
  stream.join(listener("b", 0));
  vi.runAllTimers();
  leave();
  vi.runAllTimers();
  leave();
  vi.runAllTimers();

  expect(opened).toHaveLength(2);
});

test("the error of a stream that was replaced is nothing", () => {
  const a = listener("a", 0);
  stream.join(a);
  vi.runAllTimers();
  stream.join(listener("b", 0));
  vi.runAllTimers();
  opened[0].say("error");

  expect(a.said).toEqual([]);
  expect(newest().closed).toBe(false);
});

test("a stream that broke is closed, and opened again after one to two seconds, then twice that, at most eight", () => {
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  stream.join(listener("a", 0));
  vi.runAllTimers();
  for (const wait of [1500, 3000, 6000, 12_000, 12_000]) {
    const broken = newest();
    broken.say("error");
    expect(broken.closed).toBe(true);
    vi.advanceTimersByTime(wait - 1);
    expect(newest()).toBe(broken);
    vi.advanceTimersByTime(1);
    expect(newest()).not.toBe(broken);
  }
  newest().say("open");
  const before = newest();
  before.say("error");
  vi.advanceTimersByTime(1500);

  expect(newest()).not.toBe(before);
  vi.restoreAllMocks();
});

test("only those who listen to the source hear that it is refused", () => {
  const [a, b] = [listener("a", 0), listener("b", 0)];
  stream.join(a);
  stream.join(b);
  vi.runAllTimers();
  newest().say("refused", { source: "b" });

  expect([a.said, b.said]).toEqual([[], [{ state: "refused" }]]);
});

test("a browser that is online again does not wait", () => {
  const listeners = new EventTarget();
  vi.stubGlobal("addEventListener", listeners.addEventListener.bind(listeners));
  stream = new Stream("/live?as=me", (url) => /** @type {any} */ (new Played(url)));
  vi.unstubAllGlobals();
  stream.join(listener("a", 0));
  vi.runAllTimers();
  listeners.dispatchEvent(new Event("online"));
  vi.advanceTimersByTime(100);
  expect(opened).toHaveLength(1);
  newest().say("error");
  listeners.dispatchEvent(new Event("online"));
  vi.advanceTimersByTime(30);

  expect(opened).toHaveLength(2);
});
