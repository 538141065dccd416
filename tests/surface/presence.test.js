/** How people are shown who read the same source. */
import { expect, test } from "vitest";
import { hueOf, initials } from "../../annotations/static/annotations/surface/live/presence.js";

test.each([
  ["Nilufer Aliyeva", "NA"],
  ["Ada", "A"],
  ["ada.b.lovelace@example.org", "AO"],
  ["Jean-Luc Picard", "JP"],
  ["  ", "?"],
  ["𝒜da Ömer", "𝒜Ö"],
])("the initials of %s are %s", (name, letters) => {
  expect(initials(name)).toBe(letters);
});

test("a person has the same colour everywhere, one of twelve", () => {
  expect(hueOf("01a2102f-babf-703d")).toBe(hueOf("01a2102f-babf-703d"));
  for (let number = 0; number < 500; number++) {
    const hue = Number(hueOf(`person ${number}`));
    expect(hue % 30).toBe(0);
    expect(hue).toBeGreaterThanOrEqual(0);
    expect(hue).toBeLessThan(360);
  }
});
