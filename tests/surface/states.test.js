import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { NEW, NEXT, STATE_AFTER, TITLES, isDecided, isFinal, isOpen } from "../../annotations/static/annotations/surface/model/states.js";

const HOME = new URL("../../annotations/", import.meta.url).pathname;
const PYTHON = readFileSync(join(HOME, "models/states.py"), "utf8");
const VALUES = new Map([...PYTHON.matchAll(/^ {4}([A-Z]+) = "(\w+)", "([^"]+)"/gm)].map(([, name, value, title]) => [name, { value, title }]));
const SAVED = Object.keys(TITLES).filter((state) => state !== NEW);

describe("the states of a version", () => {
  test("are those of the server, with the same names for people", () => {
    expect(VALUES.size).toBe(6);
    expect(Object.fromEntries(SAVED.map((state) => [state, TITLES[state]]))).toEqual(Object.fromEntries([...VALUES.values()].map(({ value, title }) => [value, title])));
  });

  test("become what the server's table says", () => {
    const pairs = [...PYTHON.matchAll(/\(State\.([A-Z]+), State\.([A-Z]+)\)/g)].map(([, from, to]) => `${VALUES.get(from).value} ${VALUES.get(to).value}`);

    expect(SAVED.flatMap((state) => NEXT[state].map((next) => `${state} ${next}`)).sort()).toEqual(pairs.sort());
    expect(NEXT[NEW]).toEqual(["draft"]);
  });

  test("are open to their author, decided, or final", () => {
    expect(SAVED.filter(isOpen)).toEqual(["draft", "returned"]);
    expect(SAVED.filter(isDecided)).toEqual(["approved", "returned", "rejected", "withdrawn"]);
    expect(SAVED.filter(isFinal)).toEqual(["rejected", "withdrawn"]);
    expect([isOpen(NEW), isDecided(NEW), isFinal(NEW)]).toEqual([false, false, false]);
  });

  test("are reached by decisions from review", () => {
    expect(STATE_AFTER).toEqual({ approve: "approved", return: "returned", reject: "rejected" });
    for (const state of Object.values(STATE_AFTER)) expect(NEXT.submitted).toContain(state);
  });
});
