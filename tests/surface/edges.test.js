import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { isRightToLeft } from "../../annotations/static/annotations/surface/text/direction.js";
import { SpanEdges, areSame, between, nearest } from "../../annotations/static/annotations/surface/text/span-edges.js";
import { Words } from "../../annotations/static/annotations/surface/text/word-borders.js";
import { PlainPane } from "./plain_pane.js";

const TEXT = "Ankara „welcomed“ the talks.\nZo\u0308e saw 👩‍👩‍👧.";

/** @param {string} text */
function edgesOf(text) {
  const pane = new PlainPane(text);
  return { pane, edges: new SpanEdges(/** @type {any} */ (pane), new Words(/** @type {any} */ (pane), "en")) };
}

/** @param {string} words */
function spanOf(words) {
  const start = [...TEXT.slice(0, TEXT.indexOf(words))].length;
  return { start, end: start + [...words].length };
}

describe("the ends of a span", () => {
  const { pane, edges } = edgesOf(TEXT);
  const step = (/** @type {any[]} */ ...way) => pane.exact(/** @type {any} */ (edges.stepped)(...way));

  test("go by word", () => {
    expect(step(spanOf("welcomed"), "end", 1, false)).toBe("welcomed“ the");
    expect(step(spanOf("the talks"), "end", -1, false)).toBe("the");
    expect(step(spanOf("welcomed"), "start", -1, false)).toBe("Ankara „welcomed");
    expect(step(spanOf("welcomed“ the"), "start", 1, false)).toBe("the");
  });

  test("go by character, over white space, never into one", () => {
    expect(step(spanOf("welcomed“"), "end", 1, true)).toBe("welcomed“ t");
    expect(step(spanOf("Zo\u0308e"), "end", -1, true)).toBe("Zo\u0308");
    expect(step(spanOf("saw"), "end", 1, true)).toBe("saw 👩‍👩‍👧");
  });

  test("stay where there is nothing further", () => {
    const word = spanOf("the");
    expect(edges.stepped(word, "end", -1, false)).toEqual(word);
    expect(edges.stepped(spanOf("Ankara"), "start", -1, true)).toEqual(spanOf("Ankara"));
  });

  test("never cross", () => {
    expect(pane.exact(edges.dragged(spanOf("the talks"), "end", 0, false))).toBe("the");
    expect(pane.exact(edges.dragged(spanOf("the talks"), "start", pane.length, true))).toBe("s");
  });
});

test("wherever they are pulled, whole characters without space around are left", () => {
  const texts = fc.array(fc.constantFrom("a", "b", "o\u0308", " ", "\n", "\t", "👩‍👩‍👧", "𝔠", ".", "“", "ش", "\u0301"), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(texts.map((all) => all.join("")), fc.infiniteStream(fc.nat()), (text, numbers) => {
      const { pane, edges } = edgesOf(text);
      const next = () => /** @type {number} */ (numbers.next().value);
      let span = pane.trimmed({ start: 0, end: pane.length });
      fc.pre(span !== null);
      for (let turn = 0; turn < 8; turn++) {
        const edge = next() % 2 ? "start" : "end";
        const exactly = next() % 2 === 0;
        const before = /** @type {{start: number, end: number}} */ (span);
        span = next() % 2 ? edges.dragged(before, edge, next() % (pane.length + 1), exactly) : edges.stepped(before, edge, next() % 2 ? 1 : -1, exactly);
        expect(span.start).toBeLessThan(span.end);
        expect(pane.trimmed(span)).toEqual(span);
      }
    }),
  );
});

test("a part is cut off where the next ones begin", () => {
  const parts = [{ start: 2, end: 4 }, { start: 6, end: 8 }, { start: 9, end: 12 }];

  expect(between(parts, 1, { start: 0, end: 30 })).toEqual({ start: 4, end: 9 });
  expect(between(parts, 2, { start: 10, end: 30 })).toEqual({ start: 10, end: 30 });
  expect([0, 5, 8, 40].map((point) => nearest(parts, point))).toEqual([0, 0, 1, 2]);
  expect(areSame(parts, parts.map((part) => ({ ...part })))).toBe(true);
  expect(areSame(parts, parts.slice(1))).toBe(false);
});

test("the first letter tells the direction of a line", () => {
  expect(["Baku", "باكو", "12 باكو Baku", "„שלום“", "", "12."].map(isRightToLeft)).toEqual([false, true, true, true, false, false]);
});
