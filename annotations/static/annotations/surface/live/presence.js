/** @import { PageData } from "../model/types.js" */
/** @import { Person, PresenceNews } from "./stream.js" */
/** @import { Store } from "../model/store.js" */
/** @import { TextPane } from "../text/text-pane.js" */
import { h } from "../ui/dom.js";
import { shortened, words } from "../model/store.js";
import { PresenceReporter } from "./presence-reporter.js";

const NEWLY = 60_000; // who was away for less does not arrive again

/** Who else reads this source and where: initials in the head, bars along the text. */
export class Presence {
  /** @param {{root: HTMLElement, place: PageData, store: Store, pane: TextPane, announce: (sentence: string) => void}} parts */
  constructor({ root, place, store, pane, announce }) {
    this.root = root;
    this.me = place.me.id;
    this.lasts = place.presenceLasts * 1000; // milliseconds after the last sign of a person
    this.store = store;
    this.pane = pane;
    this.announce = announce;
    /** When each was heard of last. @type {Map<string, number>} */
    this.heard = new Map();
    this.bars = h("div", { className: "reader-bars", "aria-hidden": "true" });
    pane.root.before(this.bars);
    this.outlines = new CSSStyleSheet();
    document.adoptedStyleSheets.push(this.outlines);
    this.whereabouts = new PresenceReporter({ place, store, pane });
    store.on(["presence"], () => this.#render());
    new ResizeObserver(() => this.#drawBars()).observe(pane.root);
    setInterval(() => this.#forget(), 5000);
  }

  /** @param {PresenceNews} news */
  hear({ people, gone }) {
    const known = new Map(this.store.presence);
    const now = Date.now();
    const others = people.filter(({ id }) => id !== this.me);
    const arrived = others.filter(({ id }) => now - (this.heard.get(id) ?? 0) > NEWLY);
    for (const person of others) {
      known.set(person.id, person);
      this.heard.set(person.id, now);
    }
    for (const id of gone) known.delete(id);
    if (gone.includes(this.me)) this.whereabouts.again(); // another page of this person was left
    this.store.setPresence(known);
    if (arrived.length > 0) this.announce(`${arrived.map(({ name }) => name).join(", ")} ${arrived.length > 1 ? "are" : "is"} reading this source too.`);
  }

  #forget() {
    const silent = (/** @type {string} */ id) => Date.now() - (this.heard.get(id) ?? 0) > this.lasts;
    const known = [...this.store.presence].filter(([id]) => !silent(id));
    if (known.length < this.store.presence.size) this.store.setPresence(new Map(known));
  }

  #render() {
    const people = [...this.store.presence.values()].sort((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1));
    for (const item of /** @type {NodeListOf<HTMLElement>} */ (this.root.querySelectorAll("[data-person]"))) {
      if (!this.store.presence.has(item.dataset.person ?? "")) item.remove();
    }
    people.forEach((person, place) => this.#show(person, place));
    this.root.hidden = people.length === 0;
    this.#drawBars();
    this.outlines.replaceSync(people.flatMap(outline).join("\n"));
  }

  /**
   * Their button stays the same one while they are here, so that it keeps the focus.
   *
   * @param {Person} person
   * @param {number} place
   */
  #show(person, place) {
    const known = /** @type {HTMLElement | null} */ (this.root.querySelector(`[data-person="${CSS.escape(person.id)}"]`));
    const item = known ?? h("li", { "data-person": person.id },
      h("button", { type: "button", className: "reader", onclick: () => this.#goTo(person.id) },
        h("span", { "aria-hidden": "true" }, initials(person.name)), h("span", { className: "visually-hidden" })));
    const button = /** @type {HTMLElement} */ (item.firstElementChild);
    const sentence = `${person.name} is at “${this.#wordsAt(person)}”. Jump`;
    button.title = sentence;
    /** @type {HTMLElement} */ (button.lastElementChild).textContent = sentence;
    button.style.setProperty("--hue", hueOf(person.id));
    if (this.root.children[place] !== item) this.root.insertBefore(item, this.root.children[place] ?? null);
  }

  /** What is selected, or else what is on top of their screen. @param {Person} person */
  #wordsAt({ start, selected }) {
    const chosen = selected ? this.store.annotations.get(selected) : undefined;
    return chosen ? words(chosen, 60) : shortened(this.pane.lineAt(start).text.trim(), 60);
  }

  /** @param {string} id */
  #goTo(id) {
    const person = this.store.presence.get(id);
    if (!person) return;
    const { top } = this.#boxAt(person.start);
    const smooth = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    scrollBy({ top: top - innerHeight * 0.2, behavior: smooth ? "smooth" : "auto" });
  }

  /** @param {number} point */
  #boxAt(point) {
    const start = Math.max(0, Math.min(point, this.pane.length - 1));
    return this.pane.rangeOf({ start, end: start + 1 }).getBoundingClientRect();
  }

  /** Beside the text, from the first to the last row that each has on screen. */
  #drawBars() {
    const text = this.pane.root.getBoundingClientRect();
    const origin = /** @type {Element} */ (this.bars.offsetParent ?? document.body).getBoundingClientRect();
    this.bars.style.insetInlineStart = `${text.left - origin.left}px`;
    this.bars.replaceChildren(...[...this.store.presence.values()].map(({ id, start, end }, place) => {
      const top = this.#boxAt(start).top;
      const bottom = this.#boxAt(Math.max(start, end - 1)).bottom;
      const bar = h("div", { className: "reader-bar" });
      bar.style.setProperty("--hue", hueOf(id));
      bar.style.insetBlockStart = `${top - origin.top}px`;
      bar.style.blockSize = `${Math.max(0, bottom - top)}px`;
      bar.style.insetInlineStart = `${-8 - place * 4}px`;
      return bar;
    }));
  }
}

/** A line beside the annotation in the list that this person selected. @param {Person} person */
function outline({ id, selected }) {
  return selected ? [`.item[data-id="${CSS.escape(selected)}"] { --hue: ${hueOf(id)}; box-shadow: inset -3px 0 0 var(--person); }`] : [];
}

/** @param {string} name */
export function initials(name) {
  const words = name.split(/[\s.@_-]+/u).filter(Boolean);
  const chosen = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return chosen.map((word) => [...word][0].toLocaleUpperCase()).join("") || "?";
}

/**
 * A person's colour, the same in every browser: an angle of the colour circle.
 *
 * @param {string} id
 */
export function hueOf(id) {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.charCodeAt(0)) % 360;
  return String(Math.floor(sum / 30) * 30);
}
