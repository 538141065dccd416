/** Where steps of the caret lead, on a text that is laid out in rows of twelve characters, ten pixels wide and twenty high. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

import { CaretMotion } from "../../annotations/static/annotations/surface/select/caret-motion.js";
import { Words } from "../../annotations/static/annotations/surface/text/word-borders.js";
import { PlainPane } from "./plain_pane.js";

const COLUMNS = 12;
const [WIDTH, HEIGHT] = [10, 20];

class Box {
  constructor(x, y, width, height) {
    Object.assign(this, { left: x, top: y, width, height, right: x + width, bottom: y + height });
  }
}

class LaidOutPane extends PlainPane {
  /** Column and row of a code point. @param {number} point */
  placeOf(point) {
    let row = 0;
    for (const line of this.lines) {
      if (point <= line.end) return { column: (point - line.start) % COLUMNS, row: row + Math.floor((point - line.start) / COLUMNS) };
      row += Math.max(1, Math.ceil((line.end - line.start) / COLUMNS));
    }
    throw new Error(`no place for ${point}`);
  }

  rangeOf({ start, end }) {
    const points = start === end ? [start] : Array.from({ length: end - start }, (_, nth) => start + nth);
    return { getClientRects: () => points.map((point) => this.placeOf(point)).map(({ column, row }) => new Box(column * WIDTH, row * HEIGHT, start === end ? 0 : WIDTH, HEIGHT)) };
  }
}

beforeAll(() => vi.stubGlobal("DOMRect", Box));
afterAll(() => vi.unstubAllGlobals());

// Ankara said ⏎ no to Baku. ⏎ It left. ⏎ ¶ ¶ Nobody asked ⏎ why 🎉 then.
const TEXT = "Ankara said no to Baku.  It left.\n\n Nobody asked why 🎉 then. ";
const pane = new LaidOutPane(TEXT);
const motion = new CaretMotion(/** @type {any} */ (pane), new Words(/** @type {any} */ (pane), "en"));
const all = [...TEXT];

/** The span of words. @param {string} words */
function at(words) {
  const start = [...TEXT.slice(0, TEXT.indexOf(words))].length;
  return { start, end: start + [...words].length };
}
const point = (/** @type {number} */ place) => ({ start: place, end: place });
const shown = (/** @type {any} */ span) => span && all.slice(span.start, span.end).join("");

describe("a step aside", () => {
  test("goes to the next word and the one before, over marks, rows and lines", () => {
    const onward = [];
    for (let word = at("Ankara"); word; word = /** @type {any} */ (motion.aside(word, 1, "word"))) onward.push(shown(word));
    expect(onward).toEqual(["Ankara", "said", "no", "to", "Baku", "It", "left", "Nobody", "asked", "why", "🎉", "then"]);
    const back = [];
    for (let word = at("then"); word; word = /** @type {any} */ (motion.aside(word, -1, "word"))) back.push(shown(word));
    expect(back).toEqual(onward.reverse());
  });

  test("goes by character as empty places, up to the ends of the text", () => {
    expect(motion.aside(at("said"), 1, "character")).toEqual(point(at("said").end + 1));
    expect(motion.aside(at("said"), -1, "character")).toEqual(point(at("said").start - 1));
    expect(motion.aside(point(0), -1, "character")).toBeNull();
    expect(motion.aside(point(1), -1, "character")).toEqual(point(0));
    expect(motion.aside(point(pane.length), 1, "character")).toBeNull();
    expect(motion.aside(point(pane.length - 1), 1, "character")).toEqual(point(pane.length));
  });

  test("takes the sentence that one stands in first, then the next", () => {
    expect(shown(motion.aside(at("said"), 1, "sentence"))).toBe("Ankara said no to Baku.");
    expect(shown(motion.aside(at("said"), -1, "sentence"))).toBe("Ankara said no to Baku.");
    const first = at("Ankara said no to Baku.");
    expect(shown(motion.aside(first, 1, "sentence"))).toBe("It left.");
    expect(shown(motion.aside(at("It left."), -1, "sentence"))).toBe("Ankara said no to Baku.");
    expect(shown(motion.aside({ ...first, end: first.end - 1 }, 1, "sentence"))).toBe("Ankara said no to Baku.");
    expect(motion.aside(first, -1, "sentence")).toBeNull();
  });
});

describe("a step across", () => {
  const across = (/** @type {any} */ from, /** @type {any} */ way) => motion.across(from, { direction: 1, distance: 0, x: 5, exactly: false, ...way });

  test("goes to the nearest word of the next row, or of the one before", () => {
    expect(shown(across(at("Ankara"), {}))).toBe("no");
    expect(shown(across(at("said"), { x: 75 }))).toBe("Baku");
    expect(shown(across(at("no"), { direction: -1 }))).toBe("Ankara");
    expect(shown(across(at("Baku"), { direction: -1, x: 115 }))).toBe("said");
  });

  test("goes over rows without words, and gives nothing beyond the last", () => {
    expect(shown(across(at("It"), { x: 25 }))).toBe("Nobody");
    expect(across(at("then"), {})).toBeNull();
    expect(across(at("Ankara"), { direction: -1 })).toBeNull();
  });

  test("goes at least so far", () => {
    expect(shown(across(at("Ankara"), { distance: 40 }))).toBe("It");
    expect(shown(across(at("Ankara"), { distance: 41 }))).toBe("Nobody");
    expect(shown(across(at("left"), { direction: -1, distance: 40 }))).toBe("Ankara");
  });

  test("of two words that are as near takes the one further on", () => {
    expect(shown(across(at("Ankara"), { x: 25 }))).toBe("to"); // between “no” and “to”, five pixels from each
  });

  test("goes by character to the border that is nearest", () => {
    const baku = at("Baku");
    expect(across(at("said"), { x: 60, exactly: true })).toEqual(point(baku.start));
    expect(across(at("said"), { x: 74, exactly: true })).toEqual(point(baku.start + 1));
    expect(across(at("said"), { x: 76, exactly: true })).toEqual(point(baku.start + 2));
    expect(across(at("said"), { x: 119, exactly: true })).toEqual(point(baku.end));
    expect(across(at("then"), { exactly: true })).toBeNull();
  });
});

test("the ends of a row are its first and last words", () => {
  expect(shown(motion.edgeOfRow(at("Ankara"), 1))).toBe("said");
  expect(shown(motion.edgeOfRow(at("said"), -1))).toBe("Ankara");
  expect(shown(motion.edgeOfRow(at("to"), 1))).toBe("Baku");
  expect(shown(motion.edgeOfRow(at("to"), -1))).toBe("no");
  expect(shown(motion.edgeOfRow(at("then"), 1))).toBe("then");
  expect(shown(motion.edgeOfRow(point(at("to").start), 1))).toBe("Baku");
  expect(shown(motion.edgeOfRow(point(at("to").start), -1))).toBe("no");
});

test("paragraphs begin at their first word", () => {
  expect(shown(motion.paragraph(at("said"), 1))).toBe("Nobody");
  expect(motion.paragraph(at("why"), 1)).toBeNull();
  expect(shown(motion.paragraph(at("why"), -1))).toBe("Ankara");
  expect(motion.paragraph(at("said"), -1)).toBeNull();
  expect(shown(motion.paragraph(point(at("\n\n").start + 1), 1))).toBe("Nobody");
});

test("the ends of the text are its first and last words", () => {
  expect(shown(motion.endOfText(1))).toBe("then");
  expect(shown(motion.endOfText(-1))).toBe("Ankara");
});

test("a whole paragraph is its line without white space around; an empty one is none", () => {
  expect(shown(motion.wholeParagraph(at("said")))).toBe("Ankara said no to Baku.  It left.");
  expect(shown(motion.wholeParagraph(at("why")))).toBe("Nobody asked why 🎉 then.");
  expect(motion.wholeParagraph(point(at("\n\n").start + 1))).toBeNull();
});
