/** @import { Span } from "../model/types.js" */
/** @import { Store } from "../model/store.js" */
/** @import { TextPane } from "../text/text-pane.js" */
import { onShortcuts, onWidgetKeys } from "../../js/keys/keydown.js";
import { FoldedText } from "../text/search-folding.js";

/** Words searched in the whole text as one types, and the way from one match to the next. */
export class Find {
  /**
   * @param {{root: HTMLElement, store: Store, pane: TextPane, onLeave: (span: Span | null) => void}} parts
   */
  constructor({ root, store, pane, onLeave }) {
    this.root = root;
    this.store = store;
    this.pane = pane;
    this.onLeave = onLeave;
    this.input = /** @type {HTMLInputElement} */ (root.querySelector("input"));
    this.count = /** @type {HTMLElement} */ (root.querySelector("output"));
    const [exact, before, after, close] = root.querySelectorAll("button");
    this.exact = exact;
    /** The text as it is searched, by whether accents matter. @type {Map<boolean, FoldedText>} */
    this.folded = new Map();
    this.input.addEventListener("input", () => this.#search());
    onShortcuts(root, () => ({ leave: () => this.close() }));
    onWidgetKeys("search", this.input, (_, { shiftKey }) => (this.step(shiftKey ? -1 : 1), true));
    exact.addEventListener("click", () => this.#toggle());
    before.addEventListener("click", () => this.step(-1));
    after.addEventListener("click", () => this.step(1));
    close.addEventListener("click", () => this.close());
  }

  get isOpen() {
    return !this.root.hidden;
  }

  open() {
    this.root.hidden = false;
    this.input.focus({ preventScroll: true });
    this.input.select();
    this.#search();
  }

  close() {
    if (!this.isOpen) return;
    const { found, at } = this.store.matches;
    this.root.hidden = true;
    this.store.setMatches([], -1);
    this.onLeave(found[at] ?? null);
  }

  /**
   * To the next match, or the one before; after the last comes the first again.
   *
   * @param {1 | -1} direction
   */
  step(direction) {
    const { found, at } = this.store.matches;
    if (found.length === 0) return;
    this.#show(found, (at + direction + found.length) % found.length);
  }

  #search() {
    const found = this.#text().all(this.input.value);
    const from = this.pane.firstVisible();
    const after = found.findIndex(({ start }) => start >= from);
    this.#show(found, found.length > 0 && after < 0 ? 0 : after);
  }

  #text() {
    const exactly = this.exact.getAttribute("aria-pressed") === "true";
    const text = this.folded.get(exactly) ?? new FoldedText(this.pane.text, exactly);
    this.folded.set(exactly, text);
    return text;
  }

  /**
   * @param {Span[]} found
   * @param {number} at
   */
  #show(found, at) {
    this.store.setMatches(found, at);
    if (at >= 0) this.pane.reveal(found[at]);
    const many = found.length.toLocaleString("en");
    this.count.textContent = found.length > 0 ? `${(at + 1).toLocaleString("en")} of ${many}` : this.input.value ? "Not found" : "";
  }

  #toggle() {
    this.exact.setAttribute("aria-pressed", String(this.exact.getAttribute("aria-pressed") !== "true"));
    this.#search();
  }
}
