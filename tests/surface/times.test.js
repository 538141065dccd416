import fc from "fast-check";
import { expect, test } from "vitest";
import { exactly, said } from "../../annotations/static/annotations/js/times/times.js";

const NOW = Date.parse("2026-03-01T12:00:00Z");
const MINUTE = 60_000;

test.each([
  ["2026-03-01T11:59:30Z", "just now"],
  ["2026-03-01T11:58:00Z", "2 minutes ago"],
  ["2026-03-01T09:30:00Z", "2 hours ago"],
  ["2026-02-28T12:00:00Z", "yesterday"],
  ["2026-02-26T12:00:00Z", "3 days ago"],
])("%s is %s", (at, words) => {
  expect(said(at, NOW)).toBe(words);
});

test("what is older than a week, or in the future, is a date", () => {
  for (const at of ["2026-02-01T12:00:00Z", "2026-03-02T12:00:00Z"]) expect(said(at, NOW)).toMatch(/2026/);
});

test("the exact time names the day, the second and the zone", () => {
  expect(exactly("2026-02-01T12:34:56Z")).toMatch(/2026.*34:56/);
});

test("a later time is never said to be longer ago", () => {
  fc.assert(fc.property(fc.nat(7 * 24 * 60 * 60 * 1000), (ago) => {
    const words = said(new Date(NOW - ago).toISOString(), NOW);
    expect(words).toMatch(ago < MINUTE ? /just now/ : /ago|yesterday|2026/);
  }));
});
