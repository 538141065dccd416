// Every key of the product, by what it does: the same key does the same on every page. The help is made from this table.

/**
 * @typedef {"tagging" | "review" | "suggestions" | "lists"} Room What a page is for; see `data-keys` of its body.
 * @typedef {object} Shortcut
 * @property {string} name
 * @property {string[]} keys letters by case (`N` is Shift with n), signs as they are typed, others by the DOM's names; `Mod` is
 *   Ctrl or ⌘. Empty: the browser's own ways and whole groups of keys, which are only listed.
 * @property {string[]} [shown] how they are written, if not so; in the same notation as `keys`
 * @property {string} title
 * @property {string} group
 * @property {Room[]} [on] the pages that have it; all when left out
 */

/** @type {Shortcut[]} */
export const SHORTCUTS = [
  ...group("Move in the text", ["tagging"], [
    ["by-word", [], "by word", ["←", "→"]],
    ["by-row", [], "by line", ["↑", "↓"]],
    ["by-character", [], "by character, without snapping", ["Alt+←", "Alt+→"]],
    ["by-sentence", [], "by sentence", ["Mod+←", "Mod+→"]],
    ["by-paragraph", [], "by paragraph", ["Mod+↑", "Mod+↓"]],
    ["row-ends", [], "start or end of the line; with Ctrl, of the text", ["Home", "End"]],
    ["by-screen", [], "by page", ["PgUp", "PgDn"]],
    ["stretch", [], "with any of these: extend or shrink the selection", ["Shift"]],
    ["paragraph", ["Mod+a"], "the whole paragraph"],
    ["copy", [], "copy the passage", ["Mod+c"]],
  ]),
  ...group("Tag the passage", ["tagging"], [
    ["claim", ["c"], "claim"],
    ["entity", ["e"], "entity"],
    ["quote", ["q"], "quote"],
    ["flag", ["f"], "flag"],
    ["label", [], "choose the label; letters filter", ["1", "…", "9", "Enter"]],
    ["again", ["."], "repeat the last kind and label"],
  ]),
  ...group("Tags", ["tagging"], [
    ["through-tags", [], "move through the list of tags", ["↑", "↓", "PgUp", "PgDn", "Home", "End"]],
    ["choose", [], "select the tag at the caret; again: the next one there", ["Tab", "Enter"]],
    ["fields", ["i"], "go to its fields"],
    ["text", ["t"], "go to the text"],
    ["start-back", ["[", "Alt+["], "its start one word back, with Alt one character"],
    ["start-on", ["]", "Alt+]"], "its start one word on, with Alt one character"],
    ["end-back", ["{", "Alt+{"], "its end one word back, with Alt one character"],
    ["end-on", ["}", "Alt+}"], "its end one word on, with Alt one character"],
    ["handles", ["h"], "go to the handles at its ends, which arrow keys move"],
    ["add-part", ["+"], "add the passage as a part"],
    ["remove-part", ["-"], "remove the part at the caret"],
    ["comment", ["m"], "comment on the selected tag"],
    ["submit", ["s"], "submit for review"],
    ["everywhere", ["w"], "tag all: find an entity's words elsewhere"],
    ["undo", ["Mod+z"], "undo"],
    ["redo", ["Mod+Shift+z", "Mod+y"], "redo"],
  ]),
  ...group("Tags", ["tagging", "suggestions"], [["remove", ["Delete"], "delete the tag, dismiss the suggestion"]]),
  ...group("Tag all", ["tagging"], [
    ["through-found", [], "move through the places found", ["↑", "↓", "Home", "End"]],
    ["check-found", [], "leave a place out, or take it in", ["Space"]],
    ["tag-found", [], "tag all that are checked", ["Enter"]],
  ]),
  ...group("Suggestions", ["suggestions"], [
    ["accept", [], "accept the focused one", ["Enter"]],
    ["through", [], "move through the list", ["↑", "↓", "Home", "End"]],
  ]),
  ...group("Decide", ["review"], [
    ["approve", ["a"], "approve"],
    ["return", ["r"], "return to the author; asks for a note first"],
    ["reject", ["x"], "reject; asks for a note first"],
  ]),
  ...group("The page", undefined, [
    ["find", ["/"], "find"],
    ["next", ["n", "j"], "next match, tag or line of a list"],
    ["previous", ["N", "k"], "previous"],
    ["send", ["Mod+Enter"], "save or send what is typed, from any text box"],
    ["leave", ["Escape"], "leave a text box; close, one step at a time"],
    ["help", ["?"], "show this list"],
  ]),
  ...group("The page", ["tagging"], [
    ["next-found", [], "in the find box: next match; with Shift, the previous one", ["Enter"]],
    ["link", ["l"], "copy the link to the passage, or to the selected tag"],
    ["smaller", ["<"], "smaller text"],
    ["larger", [">"], "larger text"],
  ]),
];

/**
 * @param {string} title
 * @param {Room[] | undefined} on
 * @param {[name: string, keys: string[], title: string, shown?: string[]][]} rows
 * @returns {Shortcut[]}
 */
function group(title, on, rows) {
  return rows.map(([name, keys, about, shown]) => ({ name, keys, title: about, group: title, on, shown }));
}

const NAMES = new Map(SHORTCUTS.flatMap(({ name, keys }) => keys.map((key) => [key, name])));
const SWITCH = "single-keys";

/** The signs that a keyboard of the United States has on its keys, plain and with Shift. @type {Record<string, string>} */
const SIGNS = { Minus: "-_", Equal: "=+", BracketLeft: "[{", BracketRight: "]}", Semicolon: ";:", Quote: "'\"", Backslash: "\\|", Comma: ",<", Period: ".>", Slash: "/?" };

/** Signs that a Greek and a Hebrew keyboard type with the key of a letter, where no keyboard for Latin letters has them. */
const ON_LETTERS = new Set(["; KeyQ", ": KeyQ", "/ KeyQ", "' KeyW"]);

/** Turkish with Caps Lock, and Armenian's full stop. @type {Record<string, string>} */
const ALIKE = { İ: "i", "\u2024": "." };

/** A letter, digit or sign of another script than the Latin one. */
const FOREIGN = /^[^\p{scx=Latin}\p{scx=Common}\p{scx=Inherited}]/u;

/**
 * Whether the key belongs to an input method, which is putting a character together.
 *
 * @param {KeyboardEvent} event
 */
export function isComposing({ isComposing: composes, keyCode, key }) {
  return composes || keyCode === 229 || key === "Process" || key === "Dead";
}

/**
 * What the key may mean, the likeliest first, in the words of the table; nothing while an input method composes.
 *
 * That is what it types, whatever the keyboard; where it types another script, what is written on the same key of a
 * keyboard for Latin letters. Caps Lock makes no difference.
 *
 * @param {KeyboardEvent} event
 * @returns {string[]}
 */
export function keysOf(event) {
  if (isComposing(event)) return [];
  const { key, code, shiftKey } = event;
  const isGraph = event.getModifierState?.("AltGraph") ?? false; // it only types
  const mod = !isGraph && (event.ctrlKey || event.metaKey);
  const alt = !isGraph && event.altKey;
  const plain = /^[\uff01-\uff5e]$/.test(key) ? key.normalize("NFKC") : (ALIKE[key] ?? key); // full width: Japanese and Chinese
  const typed = /^[a-z]$/i.test(plain) ? lettersOf(plain, event, mod) : [plain];
  const physical = onUsKeyboard(code, shiftKey);
  const may = FOREIGN.test(key) ? [physical] : ON_LETTERS.has(`${key} ${code}`) ? [physical, ...typed] : alt ? [...typed, physical] : typed;
  return may.filter((each) => each !== "").map((each) => withModifiers(each, mod, alt));
}

/**
 * A letter in the case that Shift gives it. A capital without Shift is one, unless Caps Lock made it, which not every program
 * that presses keys says.
 *
 * @param {string} letter
 * @param {KeyboardEvent} event
 * @param {boolean} mod
 */
function lettersOf(letter, event, mod) {
  const bare = inCase(letter, event.shiftKey);
  return letter === bare || mod || event.getModifierState?.("CapsLock") ? [bare] : [letter, bare].filter((each) => !event.shiftKey || each === bare);
}

/**
 * @param {string} letter
 * @param {boolean} shift
 */
function inCase(letter, shift) {
  return shift ? letter.toUpperCase() : letter.toLowerCase();
}

/**
 * @param {string} code
 * @param {boolean} shift
 */
function onUsKeyboard(code, shift) {
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter) return inCase(letter, shift);
  const digit = /^Digit(\d)$/.exec(code)?.[1];
  if (digit) return shift ? ")!@#$%^&*("[Number(digit)] : digit;
  return SIGNS[code]?.[shift ? 1 : 0] ?? "";
}

/**
 * @param {string} key
 * @param {boolean} mod
 * @param {boolean} alt
 */
function withModifiers(key, mod, alt) {
  const isCapital = /^[A-Z]$/.test(key);
  const bare = mod && isCapital ? `Shift+${key.toLowerCase()}` : key;
  return `${mod ? "Mod+" : ""}${alt ? "Alt+" : ""}${bare}`;
}

/**
 * What the key types or is called, for keys that write or that move a caret, whatever is in the table; empty while an input
 * method composes.
 *
 * @param {KeyboardEvent} event
 */
export function typedKey(event) {
  return isComposing(event) ? "" : event.key;
}

/**
 * What the key does, of what is offered here and now.
 *
 * @template T
 * @param {KeyboardEvent} event
 * @param {Record<string, T | undefined>} offered by the names of the table
 * @returns {T | null}
 */
export function meant(event, offered) {
  for (const key of keysOf(event)) {
    const name = NAMES.get(key);
    const found = name === undefined ? undefined : offered[name];
    if (found !== undefined && (!isSingle(key) || areSingleKeysOn())) return found;
  }
  return null;
}

/** Whether the keyboard has ⌘ and ⌥. */
function isOfApple() {
  return /^(Mac|iP)/.test(globalThis.navigator?.platform ?? "");
}

/**
 * A key as everything on a page writes it: `Ctrl+Shift+Z`, on a keyboard of Apple `⇧⌘Z`; a letter alone as it is typed.
 *
 * @param {string} key
 */
function writtenKey(key) {
  const [, modifiers, last] = /** @type {RegExpExecArray} */ (/^((?:(?:Mod|Alt|Shift)\+)*)(.+)$/.exec(key));
  const name = modifiers && /^[a-z]$/.test(last) ? last.toUpperCase() : last.replace("Escape", "Esc");
  if (!isOfApple()) return modifiers.replace("Mod", "Ctrl") + name;
  const signs = [["Alt+", "⌥"], ["Shift+", "⇧"], ["Mod+", "⌘"]].map(([word, sign]) => (modifiers.includes(word) ? sign : ""));
  return signs.join("") + name.replace("Alt", "⌥").replace("Shift", "⇧");
}

/** The keys of a shortcut as the help and buttons write them. @param {Shortcut} shortcut */
export function written({ keys, shown }) {
  return (shown ?? keys.filter((key) => !key.startsWith("Alt+"))).map(writtenKey);
}

/** A sentence that names Ctrl and Alt, in the words of this keyboard. @param {string} sentence */
export function onThisKeyboard(sentence) {
  return isOfApple() ? sentence.replaceAll("Ctrl", "⌘").replaceAll("Alt", "⌥") : sentence;
}

/**
 * The first key of a shortcut, for its button.
 *
 * @param {string} name
 */
export function keyOf(name) {
  const found = SHORTCUTS.find((each) => each.name === name);
  if (!found) throw new Error(`There is no shortcut “${name}”.`);
  return written(found)[0];
}

/** One character without modifiers, which people who dictate or tremble type by accident (WCAG 2.1.4). @param {string} key */
function isSingle(key) {
  return [...key].length === 1;
}

/** Whether single characters act. */
export function areSingleKeysOn() {
  try {
    return localStorage.getItem(SWITCH) !== "off";
  } catch {
    return true; // storage is closed to this page
  }
}

/** @param {boolean} on */
export function switchSingleKeys(on) {
  try {
    localStorage.setItem(SWITCH, on ? "on" : "off");
  } catch {
    // Storage is closed to this page: the keys stay on.
  }
}

/** Whether keys typed now belong to a form. @param {EventTarget | null} target */
export function isTyping(target) {
  return target instanceof Element && target.matches("input, textarea, select, [contenteditable]");
}

/** Whether it is a box for text. @param {EventTarget | null} target */
export function isTextBox(target) {
  const others = "[type=checkbox], [type=radio], [type=button], [type=submit], [type=reset], [type=file], [type=range], [type=color]";
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && !target.matches(others));
}
