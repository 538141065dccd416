import { describe, expect, test } from "vitest";

import { placeOf, wordsAt } from "../../annotations/static/annotations/surface/page/address.js";

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
