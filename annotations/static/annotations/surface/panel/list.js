/** @import { Annotation } from "../model/types.js" */
/** @import { Store } from "../model/store.js" */
/** @import { UnsavedValues } from "./unsaved-values.js" */
import { onWidgetKeys } from "../../js/keys/keydown.js";
import { talkOf } from "../comments/comments.js";
import { h } from "../ui/dom.js";
import { inNextFrame, inSpareTime } from "../ui/scheduling.js";
import { APPROVED, TITLES } from "../model/states.js";
import { words } from "../model/store.js";

const BEYOND = 10; // rows kept above and below those that can be seen
const GUESS = 72; // pixels of a row, before one was measured

/**
 * The same annotations as in the text, as a list for keys and screen readers: one stop of Tab.
 * Of a long list only the rows in sight are in the page, and the one that Tab leads to.
 */
export class AnnotationList {
  /**
   * @param {{root: HTMLElement, empty: HTMLElement, store: Store, typed: UnsavedValues, onChoose: (id: string) => void}} parts
   */
  constructor({ root, empty, store, typed, onChoose }) {
    this.root = root;
    this.empty = empty;
    this.store = store;
    this.onChoose = onChoose;
    /** Ids of those with an unsaved edit. @type {Set<string>} */
    this.unsaved = new Set();
    /** @type {Annotation[]} */
    this.shown = [];
    /** Where each stands among those. @type {Map<string, number>} */
    this.places = new Map();
    /** The rows in the page, and what they show. @type {Map<string, {annotation: Annotation, open: number, isUnsaved: boolean, row: HTMLLIElement}>} */
    this.rows = new Map();
    /** Where Tab leads to. */
    this.active = "";
    /** The selected one that was scrolled to. @type {string | null} */
    this.revealed = null;
    this.height = GUESS;
    const soon = inNextFrame(() => this.#window());
    onWidgetKeys("tags", root, (key, event) => this.#pressed(key, event));
    root.addEventListener("focusin", ({ target }) => this.#activate(/** @type {HTMLElement} */ (target).dataset.id ?? ""));
    document.addEventListener("scroll", ({ target }) => target instanceof Node && target.contains(root) && soon(), { capture: true, passive: true });
    new ResizeObserver(() => this.#window()).observe(root);
    store.on(["annotations", "draft", "filter", "loaded", "talk"], inSpareTime(() => this.#render()));
    store.on(["selected"], inSpareTime(() => this.#select()));
    const mark = inSpareTime(() => {
      this.unsaved = typed.unsaved;
      this.#window();
    });
    typed.on(mark);
    this.#render();
  }

  #render() {
    const { store, root } = this;
    const before = this.places.get(this.active) ?? 0;
    this.shown = store.ordered.filter((annotation) => store.isShown(annotation));
    const { draft } = store;
    const after = draft ? this.shown.findIndex(({ spans }) => spans[0].start > draft.spans[0].start) : -1;
    if (draft) this.shown.splice(after < 0 ? this.shown.length : after, 0, draft);
    this.places = new Map(this.shown.map(({ id }, place) => [id, place]));
    if (!this.places.has(this.active)) this.active = this.shown[Math.min(before, this.shown.length - 1)]?.id ?? "";
    root.setAttribute("aria-busy", String(!store.loaded));
    root.style.setProperty("--rows", String(this.shown.length));
    this.empty.hidden = this.shown.length > 0;
    this.empty.textContent = !store.loaded ? "Loading…" : store.annotations.size > 0 ? "No tags match this filter." : "No tags yet.";
    if (store.selected !== this.revealed) this.#select(); // what was tagged just now
    this.#window();
  }

  /** Put the rows that can be seen into the page, and take the others out. */
  #window() {
    if (this.shown.length + this.rows.size === 0) return;
    const held = this.root.contains(document.activeElement);
    const { from, to } = this.#inSight();
    const wanted = this.shown.slice(from, to);
    const active = this.places.get(this.active) ?? -1;
    if (active >= 0 && active < from) wanted.unshift(this.shown[active]);
    if (active >= to) wanted.push(this.shown[active]);
    const rows = wanted.map((annotation) => this.#row(annotation));
    const kept = new Set(rows);
    for (const [id, { row }] of this.rows) if (!kept.has(row)) row.remove(), this.rows.delete(id);
    for (const [place, row] of rows.entries()) if (this.root.children[place] !== row) this.root.insertBefore(row, this.root.children[place] ?? null);
    this.#measure(rows[0]);
    this.#mark();
    if (held && !this.root.contains(document.activeElement)) this.#button(this.active)?.focus({ preventScroll: true });
  }

  /** The rows in sight and some beyond. */
  #inSight() {
    const { top, bottom } = this.root.getBoundingClientRect();
    const start = top - this.root.scrollTop;
    return {
      from: Math.max(0, Math.floor((Math.max(top, 0) - start) / this.height) - BEYOND),
      to: Math.max(0, Math.ceil((Math.min(bottom, innerHeight) - start) / this.height) + BEYOND),
    };
  }

  /** All rows are as high as the first. @param {HTMLLIElement | undefined} row */
  #measure(row) {
    const height = row?.offsetHeight;
    if (!height || height === this.height) return;
    this.height = height;
    this.root.style.setProperty("--row-height", `${height}px`);
  }

  /** @param {Annotation} annotation */
  #row(annotation) {
    const { id } = annotation;
    const place = this.places.get(id) ?? 0;
    const open = this.store.talk.get(id)?.open ?? 0;
    const known = this.rows.get(id);
    const isUnsaved = this.unsaved.has(id);
    const row = known?.annotation === annotation && known.open === open && known.isUnsaved === isUnsaved ? known.row : h("li", {}, this.#item(annotation, isUnsaved));
    if (known && known.row !== row) known.row.replaceWith(row);
    this.rows.set(id, { annotation, open, isUnsaved, row });
    row.style.setProperty("--place", String(place));
    row.setAttribute("aria-posinset", String(place + 1));
    row.setAttribute("aria-setsize", String(this.shown.length));
    return row;
  }

  /**
   * @param {Annotation} annotation
   * @param {boolean} isUnsaved
   */
  #item(annotation, isUnsaved) {
    const { id, kind, state, published_version: published } = annotation;
    const title = this.store.rule(kind).title;
    const facts = [this.store.labelTitle(annotation), TITLES[state], published !== null && state !== APPROVED && "published"].filter(Boolean).join(" · ");
    return h("button", { type: "button", className: `item ${kind}`, "data-id": id, onclick: () => this.onChoose(id) },
      h("span", { className: `mark ${kind}`, "aria-hidden": "true" }, title.charAt(0)),
      h("span", { className: "item-words", dir: "auto", translate: false }, h("span", { className: "visually-hidden" }, `${title}: `), words(annotation, 90)),
      h("span", { className: "item-facts" }, isUnsaved && h("span", { className: "item-unsaved" }, "Unsaved edit · "), facts, ...talkOf(this.store.talk.get(id)?.open ?? 0)));
  }

  /** One stop of Tab, and which one is selected. */
  #mark() {
    for (const [id, { row }] of this.rows) {
      const button = /** @type {HTMLElement} */ (row.firstElementChild);
      button.tabIndex = id === this.active ? 0 : -1;
      if (id === this.store.current?.id) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
  }

  /** Follow the selection. */
  #select() {
    const { selected } = this.store;
    if (!selected || !this.places.has(selected)) return this.#mark();
    this.active = this.revealed = selected;
    this.#reveal(selected, 1 / 3);
    this.#window();
  }

  /**
   * Scroll the list so that the row is in sight.
   *
   * @param {string} id
   * @param {number} share of the list's height at which it then stands
   */
  #reveal(id, share) {
    const top = (this.places.get(id) ?? 0) * this.height;
    const { scrollTop, clientHeight } = this.root;
    if (top < scrollTop || top + this.height > scrollTop + clientHeight) this.root.scrollTop = top - clientHeight * share;
  }

  /** @param {string} id */
  #activate(id) {
    if (!this.places.has(id) || id === this.active) return;
    this.active = id;
    this.#mark();
  }

  /**
   * @param {string} key
   * @param {KeyboardEvent} event
   */
  #pressed(key, { ctrlKey, altKey, metaKey }) {
    const last = this.shown.length - 1;
    const here = this.places.get(this.active) ?? 0;
    const page = Math.max(1, Math.floor(this.root.clientHeight / this.height) - 1);
    const place = { ArrowDown: here + 1, ArrowUp: here - 1, PageDown: here + page, PageUp: here - page, Home: 0, End: last }[key];
    if (place === undefined || last < 0 || ctrlKey || altKey || metaKey) return false;
    const next = this.shown[Math.max(0, Math.min(last, place))].id;
    this.active = next;
    this.#reveal(next, place > here ? 0.8 : 0.1);
    this.#window();
    this.#button(next)?.focus();
    return true;
  }

  /** @param {string} id */
  #button(id) {
    return /** @type {HTMLElement | undefined} */ (this.rows.get(id)?.row.firstElementChild);
  }
}
