/** @import { Kind, Span } from "../model/types.js" */
/** @import { Store } from "../model/store.js" */
/** @import { TextPane } from "../text/text-pane.js" */
import { h } from "../ui/dom.js";
import { coveredRows, opacityOf, pointAt } from "./coverage.js";

/** @type {Kind[]} */
const KINDS = ["claim", "entity", "quote", "flag"];
const SCALE = 8; // pixels of the text to one of the map
const LEAST_HEIGHT = 48; // pixels

/**
 * The whole text as a narrow column beside it: where what is shown is tagged, a lane for each kind, where
 * matches are, what others read, and what the window shows. It leads by pointer to where list and finding lead by keys.
 */
export class Minimap {
  /**
   * @param {HTMLElement} root
   * @param {Store} store
   * @param {TextPane} pane
   */
  constructor(root, store, pane) {
    this.root = root;
    this.store = store;
    this.pane = pane;
    this.canvas = h("canvas");
    this.view = h("div", { className: "minimap-view" });
    /** Their computed colours are what the canvas paints with, in every theme. */
    this.inks = new Map([...KINDS, "match", "selected", "present"].map((name) => [name, h("i", { className: `minimap-ink ${name}` })]));
    /** How much of each row of pixels the tags of a kind cover, until they change. @type {Map<Kind, Float32Array>} */
    this.rows = new Map();
    root.append(this.canvas, this.view, ...this.inks.values());
    root.addEventListener("pointerdown", (event) => this.#grabbed(event));
    root.addEventListener("pointermove", (event) => root.hasPointerCapture(event.pointerId) && this.#go(event.clientY));
    new ResizeObserver(() => this.#later()).observe(root);
    new MutationObserver(() => this.#later()).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    for (const media of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) matchMedia(media).addEventListener("change", () => this.#later());
    document.addEventListener("scroll", () => this.#soonFollow(), { passive: true });
    store.on(["annotations", "draft", "filter", "loaded"], () => this.rows.clear());
    store.on(["annotations", "draft", "filter", "matches", "selected", "loaded", "presence"], () => this.#later());
    this.#later();
  }

  /** After what the editor waits for was painted. */
  #later() {
    if (this.waiting) return;
    this.waiting = true;
    setTimeout(() => requestAnimationFrame(() => {
      this.waiting = false;
      this.#size();
      this.#paint();
      this.#follow();
    }), 60);
  }

  #soonFollow() {
    if (this.following) return;
    this.following = true;
    requestAnimationFrame(() => {
      this.following = false;
      this.#follow();
    });
  }

  /** Mark what the window shows. */
  #follow() {
    const { top: edge, height } = this.root.getBoundingClientRect();
    if (height === 0) return;
    this.root.style.setProperty("--from", `${Math.max(0, edge)}px`);
    const [top, bottom] = [0, innerHeight].map((y) => (this.pane.pointAtHeight(y) / this.pane.length) * height);
    this.view.style.setProperty("--top", `${top}px`);
    this.view.style.setProperty("--height", `${Math.max(bottom - top, 6)}px`);
  }

  /** A short text has a short map: an eighth of its own height, as long as that fits the window. */
  #size() {
    this.root.style.setProperty("--whole", `${Math.max(LEAST_HEIGHT, this.pane.root.offsetHeight / SCALE)}px`);
  }

  #paint() {
    const { width, height } = this.root.getBoundingClientRect();
    const context = this.canvas.getContext("2d");
    if (!context || height === 0) return;
    if (this.canvas.height !== Math.floor(height * devicePixelRatio)) this.rows.clear();
    this.canvas.width = width * devicePixelRatio;
    this.canvas.height = height * devicePixelRatio;
    context.scale(devicePixelRatio, devicePixelRatio);
    const lane = width / KINDS.length;
    const covered = (/** @type {Span[]} */ spans) => coveredRows(spans, this.pane.length, height);
    for (const [place, kind] of KINDS.entries()) {
      const rows = this.rows.get(kind) ?? covered(this.store.shown.flatMap((annotation) => (annotation.kind === kind ? annotation.spans : [])));
      this.rows.set(kind, rows);
      this.#marks(context, kind, rows, { left: place * lane + 0.5, width: lane - 1 });
    }
    this.#marks(context, "match", covered(this.store.matches.found), { left: 0, width });
    this.#marks(context, "present", covered([...this.store.presence.values()]), { left: width - 2, width: 2 });
    this.#marks(context, "selected", covered(this.store.current?.spans ?? []), { left: 0, width });
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {string} name
   * @param {Float32Array} rows
   * @param {{left: number, width: number}} where
   */
  #marks(context, name, rows, { left, width }) {
    const ink = this.inks.get(name);
    if (!ink) return;
    context.fillStyle = getComputedStyle(ink).color;
    for (const [row, covered] of rows.entries()) {
      if (covered === 0) continue;
      context.globalAlpha = opacityOf(covered);
      context.fillRect(left, row, width, 1.5);
    }
    context.globalAlpha = 1;
  }

  /** @param {PointerEvent} event */
  #grabbed(event) {
    this.root.setPointerCapture(event.pointerId);
    this.#go(event.clientY);
    event.preventDefault();
  }

  /** @param {number} y of the window */
  #go(y) {
    const { top, height } = this.root.getBoundingClientRect();
    this.pane.bringTo(pointAt(y - top, this.pane.length, height), innerHeight / 2);
  }
}
