/** @import { Kind, Label } from "../model/types.js" */
/** @import { Commands } from "./commands.js" */
/** @import { Store } from "../model/store.js" */
/** @import { TextPane } from "../text/text-pane.js" */
import { onWidgetKeys } from "../../js/keys/keydown.js";
import { keyOf } from "../../js/keys/shortcuts.js";
import { h } from "../ui/dom.js";
import { foldText } from "../text/search-folding.js";
import { LastLabel } from "./last-label.js";

/** In the order in which they are offered; each is the name of its shortcut. @type {Kind[]} */
export const KINDS = ["claim", "entity", "quote", "flag"];

/** Beside the passage: first the label used last and the four kinds, then the labels of the chosen kind. */
export class Palette {
  /**
   * @param {{root: HTMLElement, store: Store, pane: TextPane, commands: Commands}} parts
   */
  constructor({ root, store, pane, commands }) {
    this.root = root;
    this.store = store;
    this.pane = pane;
    this.commands = commands;
    this.last = new LastLabel(store.place);
    /** @type {Kind | null} */
    this.kind = null;
    /** @type {Label[]} */
    this.found = [];
    this.active = 0;
    root.addEventListener("pointerdown", (event) => {
      if (!(event.target instanceof HTMLInputElement)) event.preventDefault(); // keeps the selection
    });
    store.on(["passage"], () => store.passage ?? this.close());
  }

  get isOpen() {
    return !this.root.hidden;
  }

  /** Offer the kinds for the passage. */
  offer() {
    this.kind = null;
    const buttons = KINDS.map((kind) =>
      h("button", { type: "button", className: `kind-button ${kind}`, onclick: () => this.open(kind) }, this.store.rule(kind).title, h("kbd", {}, keyOf(kind))),
    );
    const { current } = this.store;
    const add = current && h("button", { type: "button", onclick: () => this.commands.addPart(current) }, "Add part", h("kbd", {}, keyOf("add-part")));
    this.root.replaceChildren(h("div", { className: "palette-kinds", role: "toolbar", "aria-label": "Tag as" }, this.#lastOne(), ...buttons, add,
      h("button", { type: "button", "data-copy-link": "passage" }, "Copy link", h("kbd", {}, keyOf("link")))));
    this.#place();
  }

  /** Tag the passage as the one before. */
  again() {
    const { value } = this.last;
    if (!this.store.passage) return;
    if (!value) return this.offer();
    this.close();
    this.commands.tag(value.kind, value.label);
  }

  /**
   * Ask for the label.
   *
   * @param {Kind} kind
   */
  open(kind) {
    if (!this.store.passage) return;
    this.kind = kind;
    this.filter = h("input", {
      type: "text", autocomplete: "off", spellcheck: false, role: "combobox", placeholder: `${this.store.rule(kind).title}: which?`,
      "aria-label": `Label of the ${kind}`, "aria-controls": "palette-labels", "aria-expanded": "true", "aria-autocomplete": "list",
      oninput: () => this.#list(),
    });
    onWidgetKeys("labels", this.filter, (key) => this.#pressed(key));
    this.labels = h("ul", { id: "palette-labels", role: "listbox", "aria-label": "Labels" });
    this.root.replaceChildren(h("div", { className: `palette-labels ${kind}` }, this.filter, this.labels));
    this.#list();
    this.#place();
    if (!matchMedia("(pointer: coarse)").matches) this.filter.focus({ preventScroll: true });
  }

  close() {
    if (this.root.hidden) return;
    const held = this.root.contains(document.activeElement);
    this.root.hidden = true;
    this.root.replaceChildren();
    if (held) this.pane.root.focus({ preventScroll: true });
  }

  #lastOne() {
    const { value } = this.last;
    return value && h("button", { type: "button", className: `kind-button last ${value.kind}`, onclick: () => this.again() }, value.title, h("kbd", {}, keyOf("again")));
  }

  #list() {
    const { kind, filter, labels } = this;
    if (!kind || !filter || !labels) return;
    const wanted = foldText(filter.value.trim());
    this.found = this.store.rule(kind).labels.filter(({ title, name }) => foldText(`${title} ${name}`).includes(wanted));
    labels.replaceChildren(...this.found.map((label, place) => this.#option(label, place, wanted === "")));
    if (this.found.length === 0) labels.append(h("li", { className: "none", role: "option", "aria-disabled": "true" }, "No such label"));
    this.#activate(0);
  }

  /**
   * @param {Label} label
   * @param {number} place
   * @param {boolean} numbered
   */
  #option(label, place, numbered) {
    const { value } = this.last;
    const isLast = value?.kind === this.kind && value?.label === label.name;
    return h("li", { id: `palette-label-${place}`, role: "option", title: label.description, onclick: () => this.#choose(place) },
      h("span", {}, label.title), isLast && numbered && h("kbd", {}, keyOf("again")), numbered && place < 10 && h("kbd", {}, String((place + 1) % 10)));
  }

  /** @param {number} place */
  #activate(place) {
    const { labels, filter } = this;
    if (!labels || !filter || this.found.length === 0) return;
    this.active = (place + this.found.length) % this.found.length;
    for (const [each, option] of Array.from(labels.children).entries()) option.setAttribute("aria-selected", String(each === this.active));
    labels.children[this.active].scrollIntoView({ block: "nearest" });
    filter.setAttribute("aria-activedescendant", `palette-label-${this.active}`);
  }

  /** What is written here are letters of a label, in any script. @param {string} key */
  #pressed(key) {
    if (key === "ArrowDown") this.#activate(this.active + 1);
    else if (key === "ArrowUp") this.#activate(this.active - 1);
    else if (key === "Enter") this.#choose(this.active);
    else if (key === "." && !this.filter?.value && this.last.value?.kind === this.kind) this.again();
    else if (/^\d$/.test(key) && !this.filter?.value) this.#choose((Number(key) + 9) % 10);
    else return false;
    return true;
  }

  /** @param {number} place */
  #choose(place) {
    const { kind } = this;
    const label = this.found[place];
    if (!kind || !label) return;
    this.last.keep(kind, label.name);
    this.close();
    this.commands.tag(kind, label.name);
  }

  /** Under the end of the passage, inside the window; on a narrow screen at an edge that leaves the passage free. */
  #place() {
    const { passage } = this.store;
    if (!passage) return;
    this.root.hidden = false;
    const boxes = this.pane.rangeOf(passage).getClientRects();
    const box = boxes[boxes.length - 1] ?? this.pane.root.getBoundingClientRect();
    const gap = matchMedia("(pointer: coarse)").matches ? HANDLE : 10;
    this.root.classList.remove("at-top");
    this.root.classList.toggle("at-top", box.bottom + gap > this.root.getBoundingClientRect().top);
    const home = (this.root.offsetParent ?? document.documentElement).getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.root;
    const below = box.bottom + gap + height < innerHeight || box.top < height + gap;
    const left = Math.max(8, Math.min(box.left, innerWidth - width - 16));
    this.root.style.setProperty("--x", `${left - home.left}px`);
    this.root.style.setProperty("--y", `${(below ? box.bottom + gap : box.top - height - gap) - home.top}px`);
  }
}

const HANDLE = 48; // pixels that a finger's handles of a selection take below and above it
