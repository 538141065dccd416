import { h } from "./dom.js";

const MOST = 2; // at a time, so that little of the text is covered
const STAY = 8000; // milliseconds; one with a button stays twice as long

/** @typedef {{action: string, run: () => void}} Offer */

/** Short news in a corner, some with buttons. */
export class Toasts {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
  }

  /**
   * The same sentence is not shown twice at a time.
   *
   * @param {string} sentence
   * @param {...(Offer | undefined)} offers
   */
  say(sentence, ...offers) {
    this.show(sentence, ...offers);
  }

  /**
   * Say it, and return the toast, for taking it away when it is outdated.
   *
   * @param {string} sentence
   * @param {...(Offer | undefined)} offers
   */
  show(sentence, ...offers) {
    for (const before of [...this.root.children]) if (before.firstElementChild?.textContent === sentence) before.remove();
    const toast = h("p", { className: "toast" }, h("span", {}, sentence));
    const button = (/** @type {string} */ title, /** @type {() => void} */ run) =>
      h("button", { type: "button", onclick: () => (toast.remove(), run()) }, title);
    const given = offers.filter((offer) => offer !== undefined);
    for (const { action, run } of given) toast.append(button(action, run));
    const close = button("×", () => {});
    close.setAttribute("aria-label", "Close");
    toast.append(close);
    this.root.append(toast);
    while (this.root.children.length > MOST) this.root.firstElementChild?.remove();
    setTimeout(() => toast.remove(), given.length > 0 ? STAY * 2 : STAY);
    return toast;
  }
}
