/** @import { TextPane } from "../text/text-pane.js" */
import { byId } from "../ui/dom.js";

/** Per cent of the usual size. */
const SIZES = [80, 90, 100, 115, 130, 150, 175, 200];
/** @type {Settings} */
const USUAL = { size: "100", spacing: "normal", width: "normal", face: "serif", snap: "on" };
const STORED = "display"; // read by js/theme/theme.js, too, before the first paint

/** @typedef {{size: string, spacing: string, width: string, face: string, snap: string}} Settings */

/** How this person likes to read: remembered by the browser, for all texts. */
export class Display {
  /**
   * @param {{pane: TextPane, announce: (sentence: string) => void}} parts
   */
  constructor({ pane, announce }) {
    this.pane = pane;
    this.announce = announce;
    this.root = byId("display");
    this.opener = /** @type {HTMLButtonElement} */ (byId("show-display"));
    /** @type {Settings} */
    this.settings = { ...USUAL, ...stored() };
    this.opener.hidden = false;
    this.root.addEventListener("toggle", () => this.#place());
    this.root.addEventListener("change", (event) => this.#changed(/** @type {HTMLInputElement} */ (event.target)));
    for (const button of this.root.querySelectorAll("button[data-step]")) {
      button.addEventListener("click", () => this.resize(Number(/** @type {HTMLElement} */ (button).dataset.step)));
    }
    byId("display-reset").addEventListener("click", () => this.#set(USUAL));
    this.#show();
  }

  /** Whether selections grow to whole words. */
  get snaps() {
    return this.settings.snap === "on";
  }

  /**
   * Larger or smaller text.
   *
   * @param {number} steps
   */
  resize(steps) {
    const place = SIZES.indexOf(Number(this.settings.size));
    const size = SIZES[Math.max(0, Math.min(SIZES.length - 1, place + steps))];
    this.#set({ size: String(size) });
    this.announce(`Text size ${size} %.`);
  }

  /** @param {HTMLInputElement} input */
  #changed({ name, type, value, checked }) {
    this.#set({ [name]: type === "checkbox" ? (checked ? "on" : "off") : value });
  }

  /** @param {Partial<Settings>} changes */
  #set(changes) {
    Object.assign(this.settings, changes);
    this.#inPlace(() => this.#show());
    try {
      localStorage.setItem(STORED, JSON.stringify(this.settings));
    } catch {
      // Storage is closed to this page: it lasts until the page is left.
    }
  }

  #show() {
    for (const [name, value] of Object.entries(this.settings)) {
      setOnPage(`data-text-${name}`, value === USUAL[/** @type {keyof Settings} */ (name)] ? null : value);
      for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (this.root.querySelectorAll(`input[name="${name}"]`))) {
        input.checked = input.type === "checkbox" ? value === "on" : input.value === value;
      }
    }
    byId("text-size").textContent = `${this.settings.size} %`;
  }

  /** Change the layout under the reader's eyes, and keep the words where they are. @param {() => void} change */
  #inPlace(change) {
    const { left } = this.pane.root.getBoundingClientRect();
    const point = scrollY > 0 ? this.pane.pointNear(left + 8, innerHeight / 3) : null;
    const top = () => (point === null ? 0 : this.pane.rangeOf({ start: point, end: point + 1 }).getBoundingClientRect().top);
    const before = top();
    change();
    scrollBy({ top: top() - before, behavior: "instant" });
  }

  /** Under its button, inside the window. */
  #place() {
    const box = this.opener.getBoundingClientRect();
    const { offsetWidth: width } = this.root;
    this.root.style.setProperty("--x", `${Math.max(8, Math.min(box.right - width, innerWidth - width - 8))}px`);
    this.root.style.setProperty("--y", `${Math.max(8, box.bottom + 6)}px`);
  }
}

/** @returns {Partial<Settings>} */
function stored() {
  try {
    return JSON.parse(localStorage.getItem(STORED) ?? "{}");
  } catch {
    return {};
  }
}

/**
 * Only what changes: the browser styles all of the page anew for it.
 *
 * @param {string} name
 * @param {string | null} value
 */
function setOnPage(name, value) {
  const page = document.documentElement;
  if (page.getAttribute(name) === value) return;
  if (value === null) page.removeAttribute(name);
  else page.setAttribute(name, value);
}
