/** @import { Store } from "./store.js" */

/** On a narrow screen the panel is a sheet at the lower edge: closed, or open over the text. */
export class Sheet {
  /**
   * @param {HTMLElement} panel
   * @param {HTMLElement} toggle
   * @param {Store} store
   */
  constructor(panel, toggle, store) {
    this.panel = panel;
    this.toggle = toggle;
    this.store = store;
    toggle.addEventListener("click", () => this.#open(!panel.hasAttribute("data-open")));
    store.on(["selected", "draft"], () => {
      this.#open(store.current !== null);
      panel.lastElementChild?.scrollTo({ top: 0 });
    });
    store.on(["passage"], () => store.passage && this.#open(false));
    store.on(["annotations"], () => this.#title());
    this.#title();
  }

  /** @param {boolean} open */
  #open(open) {
    this.panel.toggleAttribute("data-open", open);
    this.toggle.setAttribute("aria-expanded", String(open));
  }

  #title() {
    const { size } = this.store.annotations;
    this.toggle.textContent = size === 1 ? "1 annotation" : `${size} annotations`;
  }
}
