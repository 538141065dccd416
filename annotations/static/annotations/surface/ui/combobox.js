import { onWidgetKeys } from "../../js/keys/keydown.js";
import { h } from "./dom.js";

const PAUSE = 150; // milliseconds after the last letter until others are asked
const ROOM = 320; // pixels that a list may need below its box

let made = 0;

/**
 * One thing that can be chosen.
 *
 * @typedef {object} Option
 * @property {(Node | string)[]} shows
 * @property {() => void} choose
 */

/**
 * Suggestions while one types, as a list box under the box (WAI-ARIA 1.2, combobox with a listbox popup).
 *
 * The focus stays in the box. Arrows go through the options, Enter takes one, Escape puts them away. What
 * was asked for earlier never overwrites what is asked for now.
 */
export class Combobox {
  /**
   * @param {object} parts
   * @param {HTMLInputElement | HTMLTextAreaElement} parts.box
   * @param {string} parts.title of the list
   * @param {() => string | null} parts.typed what to look for; null to offer nothing
   * @param {(typed: string, signal: AbortSignal) => Promise<Option[]>} parts.search
   */
  constructor({ box, title, typed, search }) {
    this.box = box;
    this.typed = typed;
    this.search = search;
    /** @type {Option[]} */
    this.options = [];
    this.active = -1;
    this.timer = 0;
    this.asking = new AbortController();
    const id = `options-${++made}`;
    this.list = h("ul", { id, className: "options", role: "listbox", "aria-label": title, popover: "manual" });
    this.said = h("span", { className: "visually-hidden", role: "status" });
    /** Box, list and what is said of it, to be put into the page. */
    this.elements = [this.list, this.said];
    if (box instanceof HTMLInputElement) {
      box.setAttribute("role", "combobox");
      box.setAttribute("aria-expanded", "false");
    } else box.setAttribute("aria-haspopup", "listbox");
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", id);
    box.autocomplete = "off";
    box.addEventListener("input", () => this.ask());
    onWidgetKeys("combobox", box, (key, event) => this.#pressed(key, event));
    box.addEventListener("blur", () => this.close());
    box.addEventListener("click", () => this.isOpen || this.ask(0));
    box.addEventListener("focus", () => this.typed() && this.ask(0)); // what is typed is not chosen yet
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays in the box
    this.place = () => this.#place();
  }

  get isOpen() {
    return this.list.isConnected && this.list.matches(":popover-open");
  }

  /**
   * Look for what is typed now.
   *
   * @param {number} [pause] milliseconds
   */
  ask(pause = PAUSE) {
    clearTimeout(this.timer);
    this.asking.abort();
    const typed = this.typed();
    if (typed === null) return this.close();
    const asking = (this.asking = new AbortController());
    this.timer = setTimeout(async () => {
      try {
        const options = await this.search(typed, asking.signal);
        if (!asking.signal.aborted) this.#offer(options);
      } catch (error) {
        if (asking.signal.aborted) return;
        this.close();
        this.said.textContent = error instanceof Error ? error.message : String(error);
      }
    }, pause);
  }

  close() {
    clearTimeout(this.timer);
    this.asking.abort();
    this.options = [];
    this.active = -1;
    this.box.removeAttribute("aria-activedescendant");
    if (this.box.hasAttribute("aria-expanded")) this.box.setAttribute("aria-expanded", "false");
    if (this.isOpen) this.list.hidePopover();
    removeEventListener("scroll", this.place, true);
    removeEventListener("resize", this.place);
  }

  /** @param {Option[]} options */
  #offer(options) {
    if (document.activeElement !== this.box || !this.list.isConnected) return;
    if (options.length === 0) {
      this.close();
      this.said.textContent = "Nothing found.";
      return;
    }
    this.options = options;
    this.list.replaceChildren(...options.map((option, place) => this.#item(option, place)));
    if (!this.isOpen) {
      this.list.showPopover();
      addEventListener("scroll", this.place, { capture: true, passive: true });
      addEventListener("resize", this.place);
    }
    if (this.box.hasAttribute("aria-expanded")) this.box.setAttribute("aria-expanded", "true");
    this.said.textContent = options.length === 1 ? "1 suggestion." : `${options.length} suggestions.`;
    this.#place();
    this.#activate(0);
  }

  /**
   * @param {Option} option
   * @param {number} place
   */
  #item({ shows, choose }, place) {
    return h("li", { id: `${this.list.id}-${place}`, role: "option", onclick: () => this.#take(choose), onpointermove: () => this.#activate(place) }, ...shows);
  }

  /** @param {number} place */
  #activate(place) {
    if (place === this.active && this.list.children[place]?.getAttribute("aria-selected") === "true") return;
    this.active = (place + this.options.length) % this.options.length;
    for (const [each, item] of Array.from(this.list.children).entries()) item.setAttribute("aria-selected", String(each === this.active));
    const item = this.list.children[this.active];
    item.scrollIntoView({ block: "nearest" });
    this.box.setAttribute("aria-activedescendant", item.id);
  }

  /** @param {() => void} choose */
  #take(choose) {
    this.close();
    choose();
  }

  /**
   * @param {string} key
   * @param {KeyboardEvent} event
   */
  #pressed(key, { ctrlKey, metaKey }) {
    if (ctrlKey || metaKey) return false;
    if (!this.isOpen) {
      if (key !== "ArrowDown" || !(this.box instanceof HTMLInputElement)) return false;
      this.ask(0);
    } else if (key === "ArrowDown") this.#activate(this.active + 1);
    else if (key === "ArrowUp") this.#activate(this.active - 1);
    else if (key === "Enter" || (key === "Tab" && !(this.box instanceof HTMLInputElement))) this.#take(this.options[this.active].choose);
    else if (key === "Escape") this.close();
    else return false;
    return true;
  }

  /** Under the box, or over it where there is more room; inside the window. */
  #place() {
    const { left, top, bottom, width } = this.box.getBoundingClientRect();
    const below = innerHeight - bottom > Math.min(ROOM, top);
    const { style } = this.list;
    style.setProperty("--y", `${below ? bottom + 2 : innerHeight - top + 2}px`);
    style.setProperty("--width", `${width}px`);
    style.setProperty("--room", `${Math.min(ROOM, (below ? innerHeight - bottom : top) - 12)}px`);
    this.list.toggleAttribute("data-above", !below);
    const mostLeft = document.documentElement.clientWidth - this.list.offsetWidth - 8; // it may be wider than its box
    style.setProperty("--x", `${Math.max(8, Math.min(left, mostLeft))}px`);
  }
}
