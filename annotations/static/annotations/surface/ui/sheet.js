/** @import { Store } from "../model/store.js" */
/** @import { TextPane } from "../text/text-pane.js" */
import { inNextFrame } from "./scheduling.js";

/** On a narrow screen the panel is a sheet at the lower edge: closed, or open over the text. */
export class Sheet {
  /**
   * @param {HTMLElement} panel
   * @param {HTMLElement} toggle
   * @param {Store} store
   * @param {TextPane} pane
   */
  constructor(panel, toggle, store, pane) {
    this.panel = panel;
    this.toggle = toggle;
    this.store = store;
    this.pane = pane;
    toggle.addEventListener("click", () => this.#open(!panel.hasAttribute("data-open")));
    const uncover = inNextFrame(() => this.#uncover());
    store.on(["selected", "draft"], () => {
      this.#open(store.current !== null);
      uncover();
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

  /** Begin at the top of the panel, and scroll what is selected out from under the sheet. */
  #uncover() {
    this.panel.lastElementChild?.scrollTo({ top: 0 });
    const { current } = this.store;
    if (!current || getComputedStyle(this.panel).position !== "fixed") return;
    const { bottom } = this.pane.rangeOf(current.spans[0]).getBoundingClientRect();
    const covered = bottom + ROOM - this.panel.getBoundingClientRect().top;
    if (covered > 0) scrollBy({ top: covered });
  }

  #title() {
    const { size } = this.store.annotations;
    this.toggle.textContent = size === 1 ? "1 annotation" : `${size} annotations`;
  }
}

const ROOM = 56; // pixels below the words, for the handles
