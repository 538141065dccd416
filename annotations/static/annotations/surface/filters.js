/** @import { Store } from "./store.js" */
import { h } from "./dom.js";

/** How many tags there are of each kind; a click hides or shows the kind. */
export class Filters {
  /**
   * @param {HTMLElement} root
   * @param {Store} store
   */
  constructor(root, store) {
    this.store = store;
    this.counts = new Map(store.place.codebook.kinds.map(({ kind, title }) => {
      const count = h("span", { className: "tally" });
      const button = h("button", { type: "button", className: `filter ${kind}`, "data-kind": kind, onclick: () => store.toggle(kind) },
        h("span", { className: `mark ${kind}`, "aria-hidden": "true" }, title.charAt(0)), h("span", { className: "filter-title" }, title), " ", count);
      root.append(button);
      return [kind, { button, count }];
    }));
    store.on(["annotations", "hidden"], () => this.#render());
    this.#render();
  }

  #render() {
    /** @type {Map<string, number>} */
    const tally = new Map();
    for (const { kind } of this.store.annotations.values()) tally.set(kind, (tally.get(kind) ?? 0) + 1);
    for (const [kind, { button, count }] of this.counts) {
      count.textContent = String(tally.get(kind) ?? 0);
      button.setAttribute("aria-pressed", String(!this.store.hidden.has(kind)));
    }
  }
}
