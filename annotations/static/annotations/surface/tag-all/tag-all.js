/** @import { Annotation, Kind, Part } from "../model/types.js" */
/** @import { Api } from "../sync/api.js" */
/** @import { Commands } from "../page/commands.js" */
/** @import { Step } from "../model/undo-steps.js" */
/** @import { Store } from "../model/store.js" */
/** @import { TextPane } from "../text/text-pane.js" */
/** @import { Toasts } from "../ui/toasts.js" */
import { onShortcuts, onWidgetKeys } from "../../js/keys/keydown.js";
import { keyOf } from "../../js/keys/shortcuts.js";
import { Problem } from "../sync/api.js";
import { h } from "../ui/dom.js";
import { Layer, layers } from "../paint/layers.js";
import { pointsIn } from "../text/offsets.js";
import { DeskSearch } from "./desk-search.js";
import { quoted, words } from "../model/store.js";

/**
 * A place for the mention's tag, as the work API says it; `suggestion` is null until an editor decides on it.
 *
 * @typedef {{suggestion: string | null, spans: Part[], prefix: string, suffix: string}} Found
 * @typedef {Found & {id: string, kind: Kind}} Suggestion with a name of its own on this page
 * @typedef {"looking" | "failed" | "there"} Phase
 */

/** Beside the text: where else the words of a mention stand, to be tagged in one stroke. */
export class TagAll {
  /**
   * @param {{root: HTMLElement, sheet: HTMLElement, store: Store, pane: TextPane, api: Api, commands: Commands, toasts: Toasts,
   *   announce: (sentence: string) => void}} parts
   */
  constructor({ root, sheet, store, pane, api, commands, toasts, announce }) {
    this.root = root;
    this.sheet = sheet;
    this.store = store;
    this.pane = pane;
    this.api = api;
    this.commands = commands;
    this.toasts = toasts;
    this.announce = announce;
    this.work = `${store.place.urls.work}/suggestions`;
    /** The mention. @type {Annotation | null} */
    this.prompt = null;
    /** @type {Phase} */
    this.phase = "looking";
    this.sentence = "";
    /** The mention that the server was asked about. */
    this.asked = "";
    this.busy = false;
    /** In the order of the text. @type {Suggestion[]} */
    this.suggestions = [];
    /** How many places the server keeps for when these are decided. */
    this.more = 0;
    /** Ids of those that are not to be tagged. @type {Set<string>} */
    this.left = new Set();
    /** Where the focus was before. @type {Element | null} */
    this.before = null;
    this.search = new DeskSearch({ api, work: store.place.urls.work, page: store.place.urls.suggestions, onDone: (sentence) => this.prompt || toasts.say(sentence) });
    onShortcuts(root, ({ target }) => ({ leave: () => this.close(), ...(target instanceof HTMLInputElement && { remove: () => this.dismiss([target.dataset.id ?? ""]) }) }));
    onWidgetKeys("found", root, (key, event) => this.#pressed(key, event));
    store.on(["selected", "draft"], () => store.current && store.current.id !== this.prompt?.id && this.close());
    store.on(["annotations"], () => this.prompt && this.phase === "looking" && this.#look());
    pane.listeners.push(() => this.prompt && this.#paint());
  }

  /** The way here from the inspector. @param {{annotation: Annotation, editable: boolean, isDraft: boolean}} parts */
  section = ({ annotation, editable, isDraft }) => {
    if (!editable || isDraft || annotation.kind !== "entity") return null;
    const open = h("button", { type: "button", id: "tag-all", onclick: () => this.open(annotation) }, "Tag all like this ", h("kbd", {}, keyOf("everywhere")));
    return h("section", { className: "tagall-way", "aria-label": "Tag all" }, open);
  };

  /**
   * Show where else the words of this mention stand.
   *
   * @param {Annotation} annotation
   */
  open(annotation) {
    if (annotation.kind !== "entity") return this.toasts.say("Only mentions of entities can be looked for elsewhere.");
    if (this.prompt === null) this.before = document.activeElement;
    this.prompt = annotation;
    this.asked = "";
    this.phase = "looking";
    this.suggestions = [];
    this.more = 0;
    this.left.clear();
    this.root.hidden = false;
    this.root.parentElement?.toggleAttribute("data-tagall", true);
    if (this.sheet.getAttribute("aria-expanded") === "false" && this.sheet.offsetParent) this.sheet.click();
    this.#render();
    this.root.focus({ preventScroll: true });
    this.#look();
  }

  close() {
    if (this.prompt === null) return;
    const held = this.root.contains(document.activeElement);
    this.prompt = null;
    this.root.hidden = true;
    this.root.replaceChildren();
    this.root.parentElement?.toggleAttribute("data-tagall", false);
    this.suggestions = [];
    this.#paint();
    if (!held) return;
    const back = this.before?.id ? document.getElementById(this.before.id) : this.before;
    (back instanceof HTMLElement && back.isConnected && back !== document.body ? back : this.pane.root).focus({ preventScroll: true });
  }

  /** Ask the server, once it has the mention itself. */
  async #look() {
    const id = this.prompt?.id ?? "";
    const known = this.store.annotations.get(id);
    if (!known || known.version === 0 || this.asked === id) return;
    this.asked = id;
    try {
      const found = await this.api.write("GET", this.#address(id));
      if (this.prompt?.id !== id) return;
      this.search.others = found.other_sources;
      this.suggestions = found.places.map((/** @type {Found} */ each) => ({ ...each, id: nameOf(each), kind: known.kind }));
      this.more = found.more;
      this.phase = "there";
    } catch (error) {
      if (this.prompt?.id !== id) return;
      this.phase = "failed";
      this.sentence = sentenceOf(error);
    }
    this.left.clear();
    this.#render();
    this.announce(this.#summary());
    this.#boxes()[0]?.focus({ preventScroll: true });
  }

  /** Tag all that are checked. */
  async accept() {
    const chosen = this.suggestions.filter(({ id }) => !this.left.has(id));
    if (chosen.length === 0 || this.busy) return;
    const done = await this.#decide("accept", chosen);
    if (!done) return;
    this.store.putAll(done.answer.annotations);
    const made = done.answer.annotations.filter((/** @type {Annotation} */ { origin }) => origin !== "");
    this.#record("accept", done.ids, `${done.ids.length} tagged.`, made.map((/** @type {Annotation} */ { id }) => id));
    this.#without(chosen.map(({ id }) => id));
  }

  /**
   * Never propose these again.
   *
   * @param {string[]} names
   */
  async dismiss(names) {
    const chosen = this.suggestions.filter(({ id }) => names.includes(id));
    const done = chosen.length > 0 && (await this.#decide("dismiss", chosen));
    if (!done) return;
    this.#record("dismiss", done.ids, done.ids.length === 1 ? "Dismissed." : `${done.ids.length} dismissed.`);
    this.#without(names);
  }

  /**
   * One stroke, to be undone as one; what undoing changes comes back by the live stream.
   *
   * @param {"accept" | "dismiss"} step
   * @param {string[]} ids
   * @param {string} sentence
   * @param {string[]} [made] drafts that undoing deletes
   */
  #record(step, ids, sentence, made = []) {
    const call = (/** @type {string} */ name) => /** @type {Extract<Step, {do: "call"}>} */ ({ do: "call", method: "POST", path: `${this.work}/${name}`, body: { ids }, chain: this.work });
    const what = ids.length === 1 ? "one suggestion" : `${ids.length} suggestions`;
    const deed = this.commands.history.record({ title: `${step} ${what}`, undo: [{ ...call("reopen"), deletes: made }], redo: [call(step)] });
    this.commands.history.tell(sentence, deed);
  }

  /** @param {string} id of the mention */
  #address(id) {
    return `${this.store.place.urls.work}/annotations/${id}/suggestions`;
  }

  /**
   * Looking records nothing, so the places are recorded only now.
   *
   * @param {"accept" | "dismiss"} step
   * @param {Suggestion[]} chosen
   * @returns {Promise<{ids: string[], answer: any} | null>} the suggestions and the answer; null when the server refused, which is told
   */
  async #decide(step, chosen) {
    this.busy = true;
    try {
      const ids = await this.#recorded(chosen);
      return { ids, answer: await this.api.write("POST", `${this.work}/${step}`, { ids }) };
    } catch (error) {
      this.toasts.say(sentenceOf(error));
      if (error instanceof Problem && error.status === 409 && this.prompt) this.open(this.prompt);
      return null;
    } finally {
      this.busy = false;
    }
  }

  /**
   * @param {Suggestion[]} chosen
   * @returns {Promise<string[]>} ids of their suggestions, without places that were decided in the meantime
   */
  async #recorded(chosen) {
    const fresh = chosen.filter(({ suggestion }) => suggestion === null);
    /** @type {Map<string, string>} */
    const ids = new Map(chosen.flatMap(({ id, suggestion }) => (suggestion ? [[id, suggestion]] : [])));
    if (fresh.length > 0) {
      const spans = fresh.map(({ spans: [{ start, end }] }) => ({ start, end }));
      const { suggestions } = await this.api.write("POST", this.#address(this.asked), { scope: "source", spans });
      for (const each of suggestions) ids.set(nameOf(each), each.id);
    }
    if (ids.size === 0) throw new Problem(409, { detail: "These were tagged or dismissed in the meantime." });
    return [...ids.values()];
  }

  /**
   * What is decided goes from the list; the focus stays near. An empty list has nothing more to say.
   *
   * @param {string[]} ids
   */
  #without(ids) {
    if (!this.prompt) return;
    const gone = new Set(ids);
    const place = this.#boxes().findIndex((box) => box === document.activeElement);
    this.suggestions = this.suggestions.filter(({ id }) => !gone.has(id));
    if (this.suggestions.length === 0 && this.more > 0) return this.open(this.prompt);
    if (this.suggestions.length === 0 && !this.search.isOffered) return this.close();
    this.#render();
    const boxes = this.#boxes();
    (boxes[Math.min(Math.max(0, place), boxes.length - 1)] ?? this.root).focus({ preventScroll: true });
  }

  #render() {
    const { prompt } = this;
    if (!prompt) return;
    const named = quoted(words(prompt, 40));
    this.root.replaceChildren(
      h("header", { className: "tagall-head" },
        h("h2", { id: "tagall-title" }, "Tag all like ", h("span", { dir: "auto" }, named)),
        h("button", { type: "button", className: "close", "aria-label": "Close", onclick: () => this.close() }, "×")),
      h("p", { className: "tagall-summary", role: "status" }, this.#summary()),
      ...(this.suggestions.length > 0 ? [this.#list(), this.#buttons()] : []),
      ...(this.phase === "there" ? [this.search.element(prompt.id)] : []));
    this.#count();
  }

  #summary() {
    const { length } = this.suggestions;
    if (this.phase === "looking") return "Looking through the text…";
    if (this.phase === "failed") return this.sentence;
    if (length === 0) return "No other mention in this text, or all of them are tagged already.";
    const next = this.more > 0 ? ` ${this.more} others follow when these are decided.` : "";
    return `${length === 1 ? "1 more place" : `${length} more places`} in this text.${next} Space leaves one out, Enter tags all that are checked.`;
  }

  #list() {
    return h("ul", { className: "tagall-list" }, ...this.suggestions.map((each) => this.#row(each)));
  }

  /** @param {Suggestion} suggestion */
  #row(suggestion) {
    const { id, prefix, suffix, spans: [{ exact }] } = suggestion;
    const box = h("input", {
      type: "checkbox", checked: !this.left.has(id), "data-id": id, onfocus: () => this.#point(suggestion),
      onchange: () => {
        if (!this.left.delete(id)) this.left.add(id);
        this.#count();
      },
    });
    const whole = this.store.place.context;
    const context = h("span", { className: "tagall-context", dir: "auto", translate: false }, before(prefix, whole), h("mark", { className: suggestion.kind }, flat(exact)), after(suffix, whole));
    const no = h("button", { type: "button", className: "quiet", tabIndex: -1, "aria-label": "Dismiss this one", title: `Dismiss: do not suggest it again (${keyOf("remove")})`, onclick: () => this.dismiss([id]) }, "×");
    return h("li", { onpointerenter: () => this.#point(suggestion) }, h("label", {}, box, context), no);
  }

  #buttons() {
    const all = h("button", { type: "button", id: "tagall-all", onclick: () => this.#checkAll() });
    const rest = h("button", { type: "button", id: "tagall-rest", onclick: () => this.dismiss([...this.left]) });
    return h("div", { className: "form-buttons" }, h("button", { type: "button", id: "tagall-accept", className: "primary", onclick: () => this.accept() }), all, rest);
  }

  /** How many are checked, in the words of the buttons and in the text. */
  #count() {
    this.#paint();
    const [accept, all, rest] = ["accept", "all", "rest"].map((name) => /** @type {HTMLButtonElement | null} */ (this.root.querySelector(`#tagall-${name}`)));
    if (!accept || !all || !rest) return;
    const out = this.left.size;
    accept.textContent = `Tag ${this.suggestions.length - out}`;
    accept.disabled = out === this.suggestions.length;
    all.textContent = out > 0 ? "Check all" : "Check none";
    rest.hidden = out === 0;
    rest.textContent = out === 1 ? "Dismiss the one left out" : `Dismiss the ${out} left out`;
  }

  #checkAll() {
    const all = this.left.size > 0;
    this.left = new Set(all ? [] : this.suggestions.map(({ id }) => id));
    for (const box of this.#boxes()) box.checked = all;
    this.#count();
  }

  /** Show in the text what is proposed and checked. */
  #paint() {
    layer("suggestion").clear();
    layer("suggestion-here").clear();
    for (const { id, spans } of this.suggestions) if (!this.left.has(id)) layer("suggestion").add(this.#range(spans[0]));
  }

  /**
   * Bring one into view, out from under the sheet.
   *
   * @param {Suggestion} suggestion
   */
  #point({ spans: [span] }) {
    layer("suggestion-here").clear();
    layer("suggestion-here").add(this.#range(span));
    const panel = /** @type {HTMLElement} */ (this.root.closest(".panel"));
    const bottom = getComputedStyle(panel).position === "fixed" ? panel.getBoundingClientRect().top : innerHeight;
    const box = this.pane.rangeOf(span).getBoundingClientRect();
    const smooth = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (box.top < 24 || box.bottom > bottom - 24) scrollBy({ top: box.top - bottom * 0.35, behavior: smooth ? "smooth" : "auto" });
  }

  /** @param {Part} span */
  #range(span) {
    const { startContainer, startOffset, endContainer, endOffset } = this.pane.rangeOf(span);
    return new StaticRange({ startContainer, startOffset, endContainer, endOffset });
  }

  #boxes() {
    return /** @type {HTMLInputElement[]} */ ([...this.root.querySelectorAll(".tagall-list input")]);
  }

  /**
   * @param {string} key
   * @param {KeyboardEvent} event
   */
  #pressed(key, { ctrlKey, metaKey, altKey, target }) {
    if (ctrlKey || metaKey || altKey || !(target instanceof HTMLInputElement)) return false;
    const boxes = this.#boxes();
    const here = boxes.indexOf(target);
    const place = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: boxes.length - 1 }[key];
    if (place !== undefined) boxes[Math.max(0, Math.min(boxes.length - 1, place))].focus();
    else this.accept();
    return true;
  }
}

/** A place's name on this page. @param {{spans: Part[]}} place */
function nameOf({ spans: [{ start, end }] }) {
  return `${start}-${end}`;
}

/** @param {string} name */
function layer(name) {
  const found = layers.get(name) ?? new Layer();
  found.priority = name === "suggestion" ? 1 : 4;
  layers.set(name, found);
  return found;
}

/** What stands before, without the word that is cut; at the start of the text all of it. @param {string} prefix @param {number} whole */
function before(prefix, whole) {
  return pointsIn(prefix) < whole ? flat(prefix) : `…\u00a0${flat(prefix).replace(/^\S* /, "")}`;
}

/** What stands after, likewise. @param {string} suffix @param {number} whole */
function after(suffix, whole) {
  return pointsIn(suffix) < whole ? flat(suffix) : `${flat(suffix).replace(/ \S*$/, "")}\u00a0…`;
}

/** Line feeds and runs of spaces as one space. @param {string} text */
function flat(text) {
  return text.replace(/\s+/g, " ");
}

/** @param {unknown} error */
function sentenceOf(error) {
  if (!(error instanceof Problem)) throw error;
  return error.message;
}
