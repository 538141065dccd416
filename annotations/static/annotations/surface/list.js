/** @import { Annotation } from "./types.js" */
/** @import { Store } from "./store.js" */
import { talkOf } from "./comments.js";
import { h } from "./dom.js";
import { STATES } from "./review.js";
import { words } from "./store.js";

/** The same annotations as in the text, as a list for keys and screen readers: one stop of Tab. */
export class AnnotationList {
  /**
   * @param {{root: HTMLElement, empty: HTMLElement, store: Store, onChoose: (id: string) => void}} parts
   */
  constructor({ root, empty, store, onChoose }) {
    this.root = root;
    this.empty = empty;
    this.store = store;
    this.onChoose = onChoose;
    this.waiting = false;
    root.addEventListener("keydown", (event) => this.#pressed(event));
    store.on(["annotations", "hidden", "loaded", "talk"], () => this.#later());
    store.on(["selected"], () => this.#mark(true));
    this.#render();
  }

  #later() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.#render();
    });
  }

  #render() {
    const focused = document.activeElement instanceof HTMLElement && this.root.contains(document.activeElement) ? document.activeElement.dataset.id : null;
    const shown = this.store.ordered.filter(({ kind }) => !this.store.hidden.has(kind));
    this.root.replaceChildren(...shown.map((each) => this.#item(each)));
    this.root.setAttribute("aria-busy", String(!this.store.loaded));
    this.empty.hidden = shown.length > 0;
    this.empty.textContent = !this.store.loaded ? "Loading…" : this.store.annotations.size > 0 ? "All kinds are hidden." : "Nothing is tagged yet.";
    this.#mark(false);
    if (focused) this.#button(focused)?.focus({ preventScroll: true });
  }

  /** @param {Annotation} annotation */
  #item(annotation) {
    const { id, kind, state, published_version: published } = annotation;
    const title = this.store.rule(kind).title;
    const facts = [this.store.labelTitle(annotation), STATES[state], published !== null && state !== "approved" && "published"].filter(Boolean).join(" · ");
    return h("li", {}, h("button", { type: "button", className: `item ${kind}`, "data-id": id, onclick: () => this.onChoose(id) },
      h("span", { className: `mark ${kind}`, "aria-hidden": "true" }, title.charAt(0)),
      h("span", { className: "item-words", dir: "auto" }, h("span", { className: "visually-hidden" }, `${title}: `), words(annotation, 90)),
      h("span", { className: "item-facts" }, facts, ...talkOf(this.store.talk.get(id)?.open ?? 0))));
  }

  /** @param {boolean} scroll */
  #mark(scroll) {
    this.root.querySelector("[aria-current]")?.removeAttribute("aria-current");
    this.root.querySelector('[tabindex="0"]')?.setAttribute("tabindex", "-1");
    for (const button of this.root.querySelectorAll(".item:not([tabindex])")) button.setAttribute("tabindex", "-1");
    const chosen = this.store.selected ? this.#button(this.store.selected) : null;
    (chosen ?? this.root.querySelector(".item"))?.setAttribute("tabindex", "0");
    chosen?.setAttribute("aria-current", "true");
    const item = chosen?.closest("li");
    if (!scroll || !item) return;
    const box = this.root.getBoundingClientRect();
    const { top, bottom } = item.getBoundingClientRect();
    if (top < box.top || bottom > box.bottom) this.root.scrollTop += top - box.top - box.height / 3;
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const buttons = /** @type {HTMLElement[]} */ ([...this.root.querySelectorAll(".item")]);
    const here = buttons.findIndex((button) => button === document.activeElement);
    const place = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (place === undefined || here < 0) return;
    event.preventDefault();
    const next = buttons[Math.max(0, Math.min(buttons.length - 1, place))];
    buttons[here].tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }

  /** @param {string} id */
  #button(id) {
    return /** @type {HTMLElement | null} */ (this.root.querySelector(`[data-id="${CSS.escape(id)}"]`));
  }
}
