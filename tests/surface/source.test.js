/** What the source of the pages may not say outside one module. These tests read the modules, and do not run them. */
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

import { WIDGETS } from "../../annotations/static/annotations/js/keys/keydown.js";
import { SHORTCUTS } from "../../annotations/static/annotations/js/keys/shortcuts.js";
import { NEXT } from "../../annotations/static/annotations/surface/model/states.js";

const HOME = fileURLToPath(new URL("../../", import.meta.url));
const STATIC = `${HOME}annotations/static/annotations/`;

/** Every module, without its comments. */
const MODULES = ["js", "surface"].flatMap((folder) => filesIn(`${STATIC}${folder}`)).filter((path) => path.endsWith(".js"))
  .map((path) => ({ path: path.replace(STATIC, ""), code: readFileSync(path, "utf8").replace(/\/\*\*[^]*?\*\/|^\s*\/\/.*$/gm, "") }));

/** @param {string} folder @returns {string[]} */
function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((each) => (each.isDirectory() ? filesIn(`${folder}/${each.name}`) : [`${folder}/${each.name}`]));
}

/** @param {...string} homes */
function modulesBut(...homes) {
  return MODULES.filter(({ path }) => !homes.includes(path));
}

test("every module is read", () => {
  expect(MODULES.length).toBeGreaterThan(75);
  expect(MODULES.map(({ path }) => path)).toContain("surface/select/caret.js");
});

test("the states of a version are spelt in one module", () => {
  const states = Object.keys(NEXT).filter((state) => state !== "new").join("|");
  const any = new RegExp(`(["'\`])(${states})\\1|[{,]\\s*(${states}):`);
  const topics = /\bon\(\[[^\]]*\]|#say\("draft"\)|new Set\(\["annotations", "draft", "filter"\]\)/g; // of the store, whose “draft” is the unfinished tag
  for (const { path, code } of modulesBut("surface/model/states.js")) expect(any.exec(code.replaceAll(topics, ""))?.[0], path).toBeUndefined();
});

describe("keys", () => {
  const others = modulesBut("js/keys/keydown.js", "js/keys/shortcuts.js");

  test("are listened to in one module", () => {
    for (const { path, code } of others) {
      expect(code.replace(/^import .*$/gm, ""), path).not.toMatch(/key(down|up|press)|\.isComposing|\.keyCode|\bevent\.(key|code)\b|\{[^}]*\bkey\b[^}]*\} = event\b|\btypedKey\b|\bkeysOf\b|\bmeant\b/);
    }
  });

  test("are asked for by these", () => {
    const listeners = others.flatMap(({ path, code }) => [...code.matchAll(/\b(onShortcuts|onWidgetKeys)\(("[a-z]+")?/g)].map(([, kind, widget]) => `${path} ${widget ? widget.slice(1, -1) : kind}`));

    expect(listeners.sort()).toEqual([
      "js/keys/page-keys.js onShortcuts", "js/menu.js onShortcuts", "js/suggestions.js onShortcuts", "js/suggestions.js suggestions",
      "surface/comments/comments.js onShortcuts", "surface/comments/composer.js onShortcuts", "surface/page/find.js onShortcuts",
      "surface/page/find.js search", "surface/page/keys.js onShortcuts", "surface/page/palette.js labels", "surface/panel/list.js tags",
      "surface/select/caret.js caret", "surface/select/caret.js onShortcuts", "surface/select/handles.js handle",
      "surface/tag-all/tag-all.js found", "surface/tag-all/tag-all.js onShortcuts", "surface/ui/combobox.js combobox",
    ]);
    expect(Object.keys(WIDGETS).every((widget) => listeners.some((each) => each.endsWith(` ${widget}`)))).toBe(true);
  });

  test("are written with modifiers in the table alone", () => {
    for (const { path, code } of modulesBut("js/keys/shortcuts.js")) expect(code, path).not.toMatch(/(Ctrl|Alt|Shift|Cmd)[+ -][A-Z←→↑↓]/);
    const docs = filesIn(`${HOME}docs`).filter((path) => path.endsWith(".md"));
    for (const path of [...docs, `${HOME}README.md`, `${HOME}CHANGELOG.md`]) expect(readFileSync(path, "utf8"), path).not.toMatch(/\b(Ctrl|Alt|Cmd|Command)(-| )[A-Z]\b|\bCtrl\+[a-z]\b/);
  });

  test("are named as the table names them", () => {
    const names = new Set(SHORTCUTS.map(({ name }) => name));
    const asked = MODULES.flatMap(({ path, code }) => [...code.matchAll(/keyOf\("([^"]+)"\)/g)].map(([, name]) => `${path} ${name}`));

    expect(asked.length).toBeGreaterThan(5);
    for (const each of asked) expect(names, each).toContain(each.split(" ")[1]);
  });
});
