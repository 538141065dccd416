/** Which folders of the annotate page may import which: only those before them. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

const SURFACE = new URL("../../annotations/static/annotations/surface/", import.meta.url).pathname;
const ORDER = ["ui", "model", "text", "paint", "select", "sync", "live", "comments", "panel", "tag-all", "page"];
const IMPORT = /^import (?:.+? from )?"(\.{1,2}\/[^"]+)";$/gms;

/** Each import between two folders. */
function arrows() {
  const found = [];
  for (const folder of ORDER) {
    for (const name of readdirSync(join(SURFACE, folder)).filter((each) => each.endsWith(".js"))) {
      const path = join(SURFACE, folder, name);
      for (const [, target] of readFileSync(path, "utf8").matchAll(IMPORT)) {
        const [to] = relative(SURFACE, join(dirname(path), target)).split("/");
        if (to !== folder) found.push({ path: `${folder}/${name}`, from: folder, to, target });
      }
    }
  }
  return found;
}

test("every folder is in the order", () => {
  const folders = readdirSync(SURFACE, { withFileTypes: true }).filter((each) => each.isDirectory() && each.name !== "css");
  expect(folders.map(({ name }) => name).sort()).toEqual([...ORDER].sort());
});

test("imports lead to folders before their own, or out of the page", () => {
  const upward = arrows().filter(({ from, to }) => to !== ".." && ORDER.indexOf(to) >= ORDER.indexOf(from));
  expect(arrows().length).toBeGreaterThan(50);
  expect(upward.map(({ path, target }) => `${path} → ${target}`)).toEqual([]);
});
