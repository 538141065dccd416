import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

import { SHORTCUTS, keyOf, keysOf, meant, onThisKeyboard, typedKey, written } from "../../annotations/static/annotations/js/keys/shortcuts.js";
import { WIDGETS, onShortcuts, onWidgetKeys } from "../../annotations/static/annotations/js/keys/keydown.js";
import { CODES, LATIN, OTHERS } from "./layouts.js";

const HOME = fileURLToPath(new URL("../../", import.meta.url));
const NAMED = SHORTCUTS.filter(({ keys }) => keys.length > 0);
const ALL = Object.fromEntries(NAMED.map(({ name }) => [name, name]));

/**
 * A key as browsers tell it.
 *
 * @param {Partial<KeyboardEvent> & {graph?: boolean, caps?: boolean}} about
 */
function press({ graph = false, caps = false, ...about }) {
  return /** @type {KeyboardEvent} */ ({
    key: "", code: "", keyCode: 0, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, isComposing: false,
    getModifierState: (/** @type {string} */ name) => (name === "AltGraph" && graph) || (name === "CapsLock" && caps), ...about,
  });
}

/** Each key of a layout: what it types, with its code. @param {[string, string]} layout */
function* typedOn([plain, shifted]) {
  for (const [shiftKey, all] of /** @type {const} */ ([[false, plain], [true, shifted]])) {
    for (const [nth, key] of Array.from(all).entries()) if (key !== " ") yield press({ key, code: CODES[nth], shiftKey });
  }
}

/** @param {KeyboardEvent} event */
function withCapsLock(event) {
  const { key, code, shiftKey } = event;
  return press({ key: shiftKey ? key.toLowerCase() : key.toUpperCase(), code, shiftKey, ctrlKey: event.ctrlKey, caps: true });
}

/** The codes of a US keyboard, by what it types. */
const US = new Map([...typedOn(LATIN.us)].map((event) => [event.key, event]));

describe("the table", () => {
  test("gives a key one meaning in all of the product, and a shortcut one name", () => {
    const keys = NAMED.flatMap((shortcut) => shortcut.keys);
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(SHORTCUTS.map(({ name }) => name)).size).toBe(SHORTCUTS.length);
  });

  test("stands in the user guide", () => {
    const guide = readFileSync(`${HOME}docs/guide/keys.md`, "utf8");
    for (const shortcut of SHORTCUTS) {
      const keys = written(shortcut).map((key) => `\`${key}\``).join(" ");
      expect(guide).toContain(`| ${keys} | ${shortcut.title} |`);
    }
  });

  test("writes every shortcut for the help", () => {
    for (const shortcut of SHORTCUTS) expect(written(shortcut).join("")).not.toBe("");
    expect(keyOf("send")).toBe("Ctrl+Enter");
    expect(() => keyOf("nothing")).toThrow("no shortcut");
  });

  test("writes keys in one notation, which is that of the keyboard", () => {
    const platform = (/** @type {string} */ name) => Object.defineProperty(globalThis, "navigator", { value: { platform: name }, configurable: true });
    const before = globalThis.navigator;
    try {
      platform("Linux x86_64");
      const all = SHORTCUTS.flatMap(written);
      for (const key of all) expect(key).toMatch(/^((Ctrl\+)?(Alt\+)?(Shift\+)?([A-Z]|[←→↑↓]|[A-Z][a-z]+)|[a-zA-Z]|[←→↑↓]|Pg(Up|Dn)|[^\sA-Za-z])$/u);
      expect(["undo", "redo", "paragraph", "copy", "by-sentence", "claim", "previous"].map(keyOf)).toEqual(["Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+A", "Ctrl+C", "Ctrl+←", "c", "N"]);
      expect(onThisKeyboard("with Ctrl or Alt")).toBe("with Ctrl or Alt");
      platform("MacIntel");
      expect(["undo", "redo", "by-character", "stretch", "send", "claim"].map(keyOf)).toEqual(["⌘Z", "⇧⌘Z", "⌥←", "⇧", "⌘Enter", "c"]);
      expect(SHORTCUTS.flatMap(written).join(" ")).not.toMatch(/Ctrl|Alt|Mod|Shift/);
      expect(onThisKeyboard("with Ctrl or Alt")).toBe("with ⌘ or ⌥");
    } finally {
      Object.defineProperty(globalThis, "navigator", { value: before, configurable: true });
    }
  });

  test("knows every key that templates mark or name", () => {
    const known = new Set(SHORTCUTS.flatMap(written).concat("Ctrl", "Shift", "Alt"));
    for (const path of templates(`${HOME}templates`)) {
      const html = readFileSync(path, "utf8");
      for (const [, key] of html.matchAll(/data-key="([^"]+)"|<kbd>([^<{]+)<\/kbd>/g)) if (key) expect(known, path).toContain(key);
      for (const [, key] of html.matchAll(/<kbd>([^<{]+)<\/kbd>/g)) expect(known, path).toContain(key.replace("&lt;", "<").replace("&gt;", ">"));
    }
  });
});

describe("the listeners of keys", () => {
  test("of a widget are listed by the help, but for a combobox, and take no key of the table", () => {
    const names = new Set(SHORTCUTS.map(({ name }) => name));
    for (const [widget, { keys, rows }] of Object.entries(WIDGETS)) {
      expect(rows.length > 0, widget).toBe(widget !== "combobox");
      for (const row of rows) expect(names, widget).toContain(row);
      const taken = NAMED.filter((each) => each.keys.some((key) => keys.includes(key)) && !rows.includes(each.name)).map(({ name }) => name);
      expect(taken, widget).toEqual(widget === "combobox" ? ["leave"] : []);
    }
  });

  /** What a listener made of a key: what ran, and whether the browser's own use of the key was prevented. */
  function pressedOn(/** @type {(target: EventTarget, ran: string[]) => void} */ listen, about) {
    const [target, ran] = [new EventTarget(), []];
    listen(target, ran);
    const event = Object.assign(new Event("keydown", { cancelable: true }), press(about));
    if (about.isTaken) event.preventDefault();
    target.dispatchEvent(event);
    return { ran, isPrevented: event.defaultPrevented };
  }

  test("run what is offered for a key, and leave the rest to the browser", () => {
    const listen = (target, ran) => onShortcuts(target, ({ shiftKey }) => (shiftKey ? null : { claim: () => ran.push("claim"), undo: () => ran.push("undo") }));

    expect(pressedOn(listen, { key: "c", code: "KeyC" })).toEqual({ ran: ["claim"], isPrevented: true });
    expect(pressedOn(listen, { key: "C", code: "KeyC", caps: true })).toEqual({ ran: ["claim"], isPrevented: true });
    expect(pressedOn(listen, { key: "с", code: "KeyC" })).toEqual({ ran: ["claim"], isPrevented: true });
    expect(pressedOn(listen, { key: "z", code: "KeyZ", metaKey: true })).toEqual({ ran: ["undo"], isPrevented: true });
    for (const about of [{ key: "e", code: "KeyE" }, { key: "z", code: "KeyZ", ctrlKey: true, shiftKey: true }, { key: "c", code: "KeyC", isComposing: true }, { key: undefined }]) {
      expect(pressedOn(listen, about)).toEqual({ ran: [], isPrevented: false });
    }
    expect(pressedOn(listen, { key: "c", code: "KeyC", isTaken: true }).ran).toEqual([]);
  });

  test("of a widget run for its own keys", () => {
    const listen = (target, ran) => onWidgetKeys("handle", target, (key, { shiftKey }) => (ran.push(key), !shiftKey));

    expect(pressedOn(listen, { key: "ArrowLeft" })).toEqual({ ran: ["ArrowLeft"], isPrevented: true });
    expect(pressedOn(listen, { key: "ArrowLeft", shiftKey: true })).toEqual({ ran: ["ArrowLeft"], isPrevented: false });
    for (const about of [{ key: "ArrowUp" }, { key: "Enter", isComposing: true }, { key: "Enter", isTaken: true }]) expect(pressedOn(listen, about).ran).toEqual([]);
  });
});

test.each(Object.entries({ ...LATIN, ...OTHERS }))("every key of the layout %s is at its place", (_, layout) => {
  for (const typed of layout) expect(Array.from(typed)).toHaveLength(CODES.length);
});

describe.each(Object.keys(LATIN))("a %s keyboard", (name) => {
  test("does what is typed, and nothing by the place of a key", () => {
    for (const event of typedOn(LATIN[name])) {
      expect(keysOf(event), event.code).toEqual([event.key === "İ" ? "I" : event.key]);
      if (/^[a-hj-z]$/i.test(event.key)) expect(meant(withCapsLock(event), ALL), event.key).toBe(meant(event, ALL)); // Turkish has two i
      for (const mod of [{ ctrlKey: true }, { metaKey: true }]) {
        const found = keysOf(press({ ...event, ...mod }));
        if (/^[a-z]$/i.test(event.key)) expect(found).toEqual([event.shiftKey ? `Mod+Shift+${event.key.toLowerCase()}` : `Mod+${event.key}`]);
      }
    }
  });
});

describe.each(Object.keys(OTHERS))("a keyboard for %s", (name) => {
  const [plain, shifted] = OTHERS[name];
  const typed = (/** @type {KeyboardEvent} */ { code, shiftKey }) => Array.from(shiftKey ? shifted : plain)[CODES.indexOf(code)];

  test("has every letter of the table at its place, with Caps Lock, too", () => {
    for (const { name: action, keys } of NAMED) {
      for (const key of keys.filter((each) => /(^|\+)[a-z]$/i.test(each))) {
        const letter = key.at(-1) ?? "";
        const mods = { ctrlKey: key.startsWith("Mod+"), shiftKey: key.includes("Shift+") || /^[A-Z]$/.test(letter) };
        const event = press({ key: typed(press({ code: `Key${letter.toUpperCase()}`, ...mods })), code: `Key${letter.toUpperCase()}`, ...mods });
        // Some type a Latin sign with Shift there, as Arabic ones do: what is typed counts.
        if (!/^[!-~]$/.test(event.key) || !mods.shiftKey) expect(meant(event, ALL), `${action} by ${key}: ${event.key}`).toBe(action);
        if (event.key.length === 1 && !mods.shiftKey) expect(meant(withCapsLock(event), ALL), event.key).toBe(action);
      }
    }
  });

  test("does what is typed where that is a sign of the table", () => {
    for (const event of typedOn(OTHERS[name])) {
      if (/^[!-@[-`{-~]$/.test(event.key)) expect(keysOf(event)).toContain(event.key);
    }
  });

  test("reaches the signs that it does not type", () => {
    const reached = new Set([...typedOn(OTHERS[name])].flatMap((event) => meant(event, ALL) ?? []));
    for (const action of ["help", "next", "previous", "again", "claim", "entity", "quote", "flag"]) expect(reached).toContain(action);
  });
});

describe("keys that mean nothing", () => {
  const events = NAMED.flatMap(({ keys }) => keys).map((key) => {
    const last = key.replace(/^(Mod|Shift|Alt)\+/g, "").replace(/^Shift\+/, "");
    return press({ ...(US.get(last) ?? { key: last, code: last }), ctrlKey: key.startsWith("Mod+"), altKey: key.startsWith("Alt+") });
  });

  test("those that an input method puts together", () => {
    for (const event of events) {
      for (const composing of [{ isComposing: true }, { keyCode: 229 }, { key: "Process" }, { key: "Dead" }]) {
        const pressed = press({ ...event, ...composing });
        expect(keysOf(pressed)).toEqual([]);
        expect(typedKey(pressed)).toBe("");
        expect(meant(pressed, ALL)).toBe(null);
      }
    }
  });

  test("single ones with other modifiers", () => {
    for (const event of events.filter(({ key, ctrlKey, altKey }) => /^[a-z]$/.test(key) && !ctrlKey && !altKey)) expect(meant(press({ ...event, altKey: true }), ALL)).toBe(null);
  });

  test("single ones while they are switched off", () => {
    const before = globalThis.localStorage;
    Object.defineProperty(globalThis, "localStorage", { value: { getItem: () => "off" }, configurable: true });
    try {
      expect(meant(press({ key: "c", code: "KeyC" }), ALL)).toBe(null);
      expect(meant(press({ key: "?", code: "Slash", shiftKey: true }), ALL)).toBe(null);
      expect(meant(press({ key: "Escape", code: "Escape" }), ALL)).toBe("leave");
      expect(meant(press({ key: "z", code: "KeyZ", ctrlKey: true }), ALL)).toBe("undo");
    } finally {
      Object.defineProperty(globalThis, "localStorage", { value: before, configurable: true });
    }
  });
});

test("a capital without Shift is one, else the letter, when nothing is said of Caps Lock", () => {
  expect(keysOf(press({ key: "N", code: "KeyN" }))).toEqual(["N", "n"]);
  expect(meant(press({ key: "N", code: "KeyN" }), ALL)).toBe("previous");
  expect(meant(press({ key: "N", code: "KeyN", caps: true }), ALL)).toBe("next");
  expect(meant(press({ key: "n", code: "KeyN", shiftKey: true }), ALL)).toBe("previous");
  expect(meant(press({ key: "C", code: "KeyC" }), ALL)).toBe("claim");
  expect(meant(press({ key: "C", code: "KeyC", shiftKey: true }), ALL)).toBe(null);
  expect(meant(press({ key: "Z", code: "KeyZ", ctrlKey: true }), ALL)).toBe("undo");
});

test("signs and letters of full width, and Turkish capitals, are what they look like", () => {
  expect(meant(press({ key: "ｃ", code: "KeyC" }), ALL)).toBe("claim");
  expect(meant(press({ key: "？", code: "Slash", shiftKey: true }), ALL)).toBe("help");
  expect(meant(press({ key: "İ", code: "Quote" }), ALL)).toBe("fields");
  expect(meant(press({ key: "ª", code: "Quote" }), ALL)).toBe(null);
});

test("brackets that need AltGr are typed with it, and Alt goes by character", () => {
  expect(meant(press({ key: "[", code: "Digit8", ctrlKey: true, altKey: true, graph: true }), ALL)).toBe("start-back");
  expect(meant(press({ key: "“", code: "BracketLeft", altKey: true }), ALL)).toBe("start-back");
  expect(meant(press({ key: "{", code: "BracketLeft", altKey: true, shiftKey: true }), ALL)).toBe("end-back");
});

test("the Hebrew key of Q is a slash where no passage can be quoted", () => {
  const event = press({ key: "/", code: "KeyQ" });
  expect(meant(event, { quote: 1, find: 2 })).toBe(1);
  expect(meant(event, { find: 2 })).toBe(2);
});

/** @param {string} folder @returns {string[]} */
function templates(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((each) => (each.isDirectory() ? templates(`${folder}/${each.name}`) : [`${folder}/${each.name}`]));
}
