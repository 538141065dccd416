import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

import { addressOf, placeOf, wordsAt } from "../../annotations/static/annotations/surface/page/address.js";
import { PlainPane } from "./plain_pane.js";

const TEXT = "Baku said no. Ankara said no, then – 🎉 yes.\nBaku said nothing more. 50% agreed.";

/** What the directive names. */
function named(directive) {
  const span = wordsAt(directive, TEXT);
  return span && [...TEXT].slice(span.start, span.end).join("");
}

describe("words in an address", () => {
  test("words alone are found at their first place", () => {
    expect(named("said%20no")).toBe("said no");
    expect(wordsAt("said%20no", TEXT)).toEqual({ start: 5, end: 12 });
  });

  test("words before and after choose the place", () => {
    expect(wordsAt("Ankara-,said%20no", TEXT)).toEqual({ start: 21, end: 28 });
    expect(wordsAt("said%20no,-thing", TEXT)).toEqual({ start: 49, end: 56 });
  });

  test("a beginning and an end take in what is between", () => {
    expect(named("then%20%E2%80%93,Baku")).toBe("then – 🎉 yes.\nBaku");
  });

  test("what is not there leads nowhere, and nothing breaks", () => {
    expect(named("never")).toBeNull();
    expect(named("")).toBeNull();
    expect(named("a,b,c,d")).toBeNull();
    expect(named("50%")).toBe("50%");
  });
});

describe("the fragment of an address", () => {
  const pane = /** @type {any} */ ({ text: TEXT, length: [...TEXT].length });

  test("names an annotation, code points or words", () => {
    expect(placeOf("#a=0198", pane)).toEqual({ annotation: "0198" });
    expect(placeOf("#s=0-4", pane)).toEqual({ span: { start: 0, end: 4 } });
    expect(placeOf("#text=Baku", pane)).toEqual({ span: { start: 0, end: 4 } });
  });

  test.each(["", "#", "#s=9-3", "#s=a-b", "#s=900-901", "#main", "#text=never", "#a="])("%s leads nowhere", (hash) => {
    expect(placeOf(hash, pane)).toBeNull();
  });
});

describe("the address of a passage", () => {
  const lines = TEXT.split("\n");
  /** @param {string} text */
  function paneOf(text) {
    return /** @type {any} */ (new PlainPane(text));
  }
  const here = { origin: "https://desk.test", pathname: "/desks/a/sources/1/" };
  beforeAll(() => vi.stubGlobal("location", here));
  afterAll(() => vi.unstubAllGlobals());

  /** @param {string} words @param {string} text @param {string} [id] */
  function address(words, text = TEXT, id) {
    const start = [...text.slice(0, text.indexOf(words))].length;
    return addressOf({ start, end: start + [...words].length }, paneOf(text), id);
  }

  test("names code points, or an annotation, and the words with those before them", () => {
    expect(address("Baku")).toBe("https://desk.test/desks/a/sources/1/#s=0-4:~:text=Baku");
    expect(address("Ankara said", TEXT, "0198")).toBe("https://desk.test/desks/a/sources/1/#a=0198:~:text=Baku%20said%20no.-,Ankara%20said");
  });

  test("names the five words before, of the same line", () => {
    expect(address("seven", "one two three four five six seven")).toMatch(/text=two%20three%20four%20five%20six-,seven$/);
    expect(address("three", "one two\nthree")).toMatch(/text=three$/);
    expect(address("after", "🎉 well-known after")).toMatch(/text=%F0%9F%8E%89%20well%2Dknown-,after$/);
  });

  test("names the first and the last five words of a long passage or of several lines", () => {
    const [short, long] = ["x".repeat(80), "x".repeat(81)];
    expect(address(short, short)).toMatch(new RegExp(`text=${short}$`));
    expect(address(long, long)).toMatch(new RegExp(`text=${long},${long}$`));
    const text = "a b c d e f g\n  h i \n j k l m n o p";
    expect(address(text, text)).toMatch(/text=a%20b%20c%20d%20e,l%20m%20n%20o%20p$/);
  });

  test("leads back to the passage", () => {
    for (const words of ["Ankara", "said nothing", "yes.\nBaku", "no, then – 🎉 yes", "50% agreed."]) {
      const [fragment, directive] = address(words).split("#")[1].split(":~:");
      const start = [...TEXT.slice(0, TEXT.indexOf(words))].length;
      const span = { start, end: start + [...words].length };
      expect(placeOf(`#${fragment}`, paneOf(TEXT))).toEqual({ span });
      expect(placeOf(`#${directive}`, paneOf(TEXT))).toEqual({ span });
    }
    expect(lines).toHaveLength(2);
  });
});

describe("an address that is not quite right", () => {
  const pane = /** @type {any} */ ({ text: TEXT, length: [...TEXT].length });

  test("ends where the text does, and begins in it", () => {
    expect(placeOf("#s=70-900", pane)).toEqual({ span: { start: 70, end: pane.length } });
    expect(placeOf(`#s=${pane.length}-${pane.length + 4}`, pane)).toBeNull();
    for (const hash of ["#s=4-4", "#s=x1-4", "#s=1-4x", "#s=1-", "#s=1234567890-1234567891"]) expect(placeOf(hash, pane), hash).toBeNull();
  });

  test("may have several parts, of which an annotation comes first", () => {
    expect(placeOf("#x=1&s=0-4&a=0198%20", pane)).toEqual({ annotation: "0198 " });
    expect(placeOf("#s=9-3&text=Baku", pane)).toBeNull();
    expect(placeOf("#a=b=c", pane)).toEqual({ annotation: "b=c" });
  });

  test("leads nowhere where its end or its surroundings are not there", () => {
    expect(wordsAt("Baku,never", TEXT)).toBeNull();
    expect(wordsAt("never-,Baku", TEXT)).toBeNull();
    expect(wordsAt("Baku,-never", TEXT)).toBeNull();
    expect(wordsAt("then,Ankara", TEXT)).toBeNull();
    expect(wordsAt("no.-,Ankara,then,-%E2%80%93", TEXT)).toEqual({ start: 14, end: 34 });
    expect(wordsAt("prefix-", TEXT)).toBeNull();
  });
});
