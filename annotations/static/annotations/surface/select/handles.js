/** @import { Annotation, Span } from "../model/types.js" */
/** @import { Commands } from "../page/commands.js" */
/** @import { Display } from "../page/display.js" */
/** @import { Direction } from "./caret-motion.js" */
/** @import { Edge } from "../text/span-edges.js" */
/** @import { Store } from "../model/store.js" */
/** @import { TextPane } from "../text/text-pane.js" */
/** @import { Words } from "../text/word-borders.js" */
import { onWidgetKeys } from "../../js/keys/keydown.js";
import { isRightToLeft } from "../text/direction.js";
import { h } from "../ui/dom.js";
import { SpanEdges, areSame, between, nearest } from "../text/span-edges.js";
import { inNextFrame } from "../ui/scheduling.js";
import { Layer, layers } from "../paint/layers.js";

/** @typedef {{edge: Edge, place: number}} Grip One end of one part. */
/** @typedef {Grip & {parts: Span[], x: number, y: number, dx: number, dy: number, exactly: boolean}} Drag */

const SETTLED = 700; // milliseconds without a key before the steps become one version
const PAUSE = 150; // milliseconds without a step before the new words are read out
const EDGE = 56; // pixels from the window's edge in which a drag scrolls
const SPEED = 10; // pixels a frame

/** The ends of the selected annotation's parts, to be moved by dragging or by keys. What is moved shows at once. */
export class Handles {
  /**
   * @param {{store: Store, pane: TextPane, words: Words, commands: Commands, display: Display, announce: (sentence: string) => void}} parts
   */
  constructor({ store, pane, words, commands, display, announce }) {
    this.store = store;
    this.pane = pane;
    this.edges = new SpanEdges(pane, words);
    this.commands = commands;
    this.display = display;
    this.announce = announce;
    this.root = h("div", { className: "handles", role: "group", "aria-label": "Ends of the passage", hidden: true });
    /** Moved and not saved yet. @type {{annotation: Annotation, parts: Span[]} | null} */
    this.moved = null;
    /** @type {Drag | null} */
    this.drag = null;
    pane.root.after(this.root);
    new ResizeObserver(() => this.#place()).observe(pane.root);
    store.on(["selected"], () => this.settle());
    store.on(["selected", "annotations", "draft", "passage"], inNextFrame(() => this.#render()));
    addEventListener("pagehide", () => this.settle());
    pane.listeners.push(() => this.#preview(this.moved));
  }

  /** Whether there is something to move. */
  get isOffered() {
    return this.store.current !== null && this.store.place.may.tag && !this.store.passage;
  }

  /**
   * Move an end of the part at the code point by a word, or by a character.
   *
   * @param {Edge} edge
   * @param {Direction} direction
   * @param {boolean} exactly
   * @param {number} point
   */
  nudge(edge, direction, exactly, point) {
    if (this.isOffered) this.#step({ edge, place: nearest(this.parts, point) }, direction, exactly);
  }

  /**
   * To the handles of the part at the code point.
   *
   * @param {number} point
   */
  focus(point) {
    if (!this.isOffered) return;
    this.#render();
    this.#handles[nearest(this.parts, point) * 2]?.focus();
  }

  /** Save what was moved. */
  settle() {
    clearTimeout(this.settling);
    const { moved } = this;
    this.#preview(null);
    if (!moved || areSame(moved.parts, moved.annotation.spans)) return;
    this.commands.respan(moved.annotation, moved.parts);
  }

  /** Put what was moved and not saved back. @returns {boolean} whether there was any */
  cancel() {
    const { moved, drag } = this;
    if (!moved && !drag) return false;
    clearTimeout(this.settling);
    this.drag = null;
    this.#preview(null);
    this.#render();
    this.announce("Put back.");
    return true;
  }

  /** As they are, or as they will be. @returns {Span[]} */
  get parts() {
    return this.moved?.parts ?? this.store.current?.spans ?? [];
  }

  get #handles() {
    return /** @type {HTMLElement[]} */ ([...this.root.children]);
  }

  #render() {
    const { current } = this.store;
    if (this.moved && this.moved.annotation.id !== current?.id) this.#preview(null);
    const wanted = this.isOffered ? this.parts.length * 2 : 0;
    this.root.hidden = wanted === 0;
    while (this.root.children.length > wanted) this.root.lastElementChild?.remove();
    while (this.root.children.length < wanted) this.root.append(this.#handle(this.root.children.length));
    this.#place();
  }

  /** @param {number} nth */
  #handle(nth) {
    /** @type {Grip} */
    const grip = { edge: nth % 2 === 0 ? "start" : "end", place: nth >> 1 };
    const handle = h("div", {
      className: `handle ${grip.edge}`, role: "slider", tabIndex: 0, "aria-orientation": "horizontal",
      onpointerdown: (/** @type {PointerEvent} */ event) => this.#grab(event, grip),
      onpointermove: (/** @type {PointerEvent} */ event) => this.#pull(event),
      onpointerup: () => this.#release(),
      onpointercancel: () => this.cancel(),
      onblur: (/** @type {FocusEvent} */ { relatedTarget }) => this.root.contains(/** @type {Node | null} */ (relatedTarget)) || this.settle(),
    });
    onWidgetKeys("handle", handle, (key, event) => this.#pressed(key, event, grip));
    return handle;
  }

  /** Put each handle where its end is in the window, and say what it holds. */
  #place() {
    const { parts } = this;
    const home = this.root.getBoundingClientRect();
    for (const [nth, handle] of this.#handles.entries()) {
      const edge = nth % 2 === 0 ? "start" : "end";
      const place = nth >> 1;
      const { x, top, bottom, isLeft } = this.#boxOf(parts[place], edge);
      handle.style.setProperty("--x", `${x - home.left}px`);
      handle.style.setProperty("--y", `${top - home.top}px`);
      handle.style.setProperty("--height", `${bottom - top}px`);
      handle.classList.toggle("left", isLeft);
      handle.dataset.part = parts.length > 1 && edge === "start" ? String(place + 1) : "";
      this.#describe(handle, edge, place);
    }
  }

  /**
   * @param {HTMLElement} handle
   * @param {Edge} edge
   * @param {number} place
   */
  #describe(handle, edge, place) {
    const { parts } = this;
    const part = parts[place];
    const free = between(parts, place, { start: 0, end: this.pane.length });
    const name = edge === "start" ? "Start" : "End";
    handle.setAttribute("aria-label", parts.length > 1 ? `${name} of part ${place + 1} of ${parts.length}` : `${name} of the passage`);
    handle.setAttribute("aria-valuemin", String(edge === "start" ? free.start : part.start + 1));
    handle.setAttribute("aria-valuemax", String(edge === "start" ? part.end - 1 : free.end));
    handle.setAttribute("aria-valuenow", String(part[edge]));
    handle.setAttribute("aria-valuetext", this.#words(part));
  }

  /**
   * Where an end is in the window, and whether the part lies to the right of it.
   *
   * @param {Span} part
   * @param {Edge} edge
   */
  #boxOf({ start, end }, edge) {
    const { words } = this.edges;
    const character = edge === "start" ? { start, end: words.borderFrom(start, 1) ?? end } : { start: words.borderFrom(end, -1) ?? start, end };
    const boxes = this.pane.rangeOf(character).getClientRects();
    const { left, right, top, bottom } = boxes[edge === "start" ? 0 : boxes.length - 1] ?? new DOMRect();
    const isLeft = (edge === "start") !== isRightToLeft(this.pane.lineAt(character.start).text);
    return { x: isLeft ? left : right, top, bottom, isLeft };
  }

  /**
   * @param {string} key
   * @param {KeyboardEvent} event
   * @param {Grip} grip
   */
  #pressed(key, { altKey, ctrlKey, metaKey }, grip) {
    if (ctrlKey || metaKey) return false;
    if (key === "Enter") this.pane.root.focus({ preventScroll: true });
    else {
      const line = this.pane.lineAt(this.parts[grip.place].start);
      this.#step(grip, (key === "ArrowRight") !== isRightToLeft(line.text) ? 1 : -1, altKey);
    }
    return true;
  }

  /**
   * @param {Grip} grip
   * @param {Direction} direction
   * @param {boolean} exactly
   */
  #step({ edge, place }, direction, exactly) {
    const part = this.parts[place];
    this.#move(place, this.edges.stepped(part, edge, direction, exactly));
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.settle(), SETTLED);
    const row = this.#boxOf(this.parts[place], edge);
    if (row.top < 80 || row.bottom > innerHeight - 120) scrollBy({ top: row.top - innerHeight / 3 });
  }

  /**
   * @param {PointerEvent} event
   * @param {Grip} grip
   */
  #grab(event, grip) {
    if (event.button !== 0) return;
    event.preventDefault(); // no selection of text begins here
    clearTimeout(this.settling);
    const handle = this.#handles[grip.place * 2 + (grip.edge === "start" ? 0 : 1)];
    handle.setPointerCapture(event.pointerId);
    handle.focus({ preventScroll: true });
    const { x, top, bottom } = this.#boxOf(this.parts[grip.place], grip.edge);
    const { clientX, clientY, altKey } = event;
    this.drag = { ...grip, parts: this.parts, x: clientX, y: clientY, dx: clientX - x, dy: clientY - (top + bottom) / 2, exactly: altKey === this.display.snaps };
    requestAnimationFrame(() => this.#tick());
  }

  /** @param {PointerEvent} event */
  #pull({ clientX, clientY, altKey }) {
    const { drag } = this;
    if (!drag || (drag.x === clientX && drag.y === clientY)) return;
    Object.assign(drag, { x: clientX, y: clientY, exactly: altKey === this.display.snaps });
    this.#follow(drag);
  }

  /** A drag near the window's edge scrolls. */
  #tick() {
    const { drag } = this;
    if (!drag) return;
    const by = drag.y < EDGE ? -SPEED : drag.y > innerHeight - EDGE ? SPEED : 0;
    if (by !== 0 && this.moved) {
      scrollBy({ top: by, behavior: "instant" });
      this.#follow(drag);
    }
    requestAnimationFrame(() => this.#tick());
  }

  /** @param {Drag} drag */
  #follow({ parts, edge, place, x, y, dx, dy, exactly }) {
    const point = this.pane.pointNear(x - dx, y - dy);
    if (point !== null) this.#move(place, this.edges.dragged(parts[place], edge, point, exactly));
  }

  #release() {
    if (!this.drag) return;
    this.drag = null;
    this.settle();
  }

  /**
   * @param {number} place
   * @param {Span} wanted
   */
  #move(place, wanted) {
    const annotation = this.moved?.annotation ?? this.store.current;
    const { parts } = this;
    const cut = between(parts, place, wanted);
    const span = cut.start < cut.end ? this.pane.trimmed(cut) : null;
    if (!annotation || !span || areSame([span], [parts[place]])) return;
    this.#preview({ annotation, parts: parts.with(place, span) });
    this.#render();
    clearTimeout(this.telling);
    this.telling = setTimeout(() => this.announce(`Now ${this.#words(span)}`), PAUSE);
  }

  /** @param {{annotation: Annotation, parts: Span[]} | null} moved */
  #preview(moved) {
    this.moved = moved;
    this.pane.root.toggleAttribute("data-resizing", moved !== null);
    if (moved) layers.set("resized", new Layer(...moved.parts.map((part) => this.pane.rangeOf(part))));
    else layers.delete("resized");
  }

  /** @param {Span} part */
  #words({ start, end }) {
    if (end - start <= LONG) return `“${this.pane.exact({ start, end })}”`;
    return `“${this.pane.exact({ start, end: start + LONG / 2 })} … ${this.pane.exact({ start: end - LONG / 2, end })}”`;
  }
}

const LONG = 120; // code points of a part that are read out
