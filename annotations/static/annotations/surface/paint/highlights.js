/** @import { Annotation, Span } from "../model/types.js" */
/** @import { Block, TextPane } from "../text/text-pane.js" */
/** @import { Store } from "../model/store.js" */
import { Layer, layers } from "./layers.js";

const MARGIN = "600px 0px"; // above and below the window, so that scrolling meets painted text
const AHEAD = 8; // blocks painted beyond one that comes near: a change of any highlight costs the browser all of them
const KEPT = 3 * AHEAD; // blocks on either side that stay painted

/** @typedef {{signature: string, ranges: [string, AbstractRange][]}} Painted */

/** Paints tags by the CSS Custom Highlight API, only in the blocks near the window. */
export class Highlights {
  /**
   * @param {Store} store
   * @param {TextPane} pane
   */
  constructor(store, pane) {
    this.store = store;
    this.pane = pane;
    /** The ranges of each block near the window, to be taken away again. @type {Map<Block, Painted>} */
    this.painted = new Map();
    this.waiting = false;
    this.observer = new IntersectionObserver((entries) => this.#moved(entries), { rootMargin: MARGIN });
    for (const { element } of pane.blocks) this.observer.observe(element);
    store.on(["annotations", "selected", "passage", "draft", "filter", "matches", "linked"], () => this.#later());
    pane.listeners.push((blocks) => this.#again(blocks));
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #moved(entries) {
    const near = entries.filter((entry) => entry.isIntersecting).flatMap(({ target }) => this.pane.byElement.get(target) ?? []);
    if (near.every((block) => this.painted.has(block))) return;
    const first = Math.min(...near.map(({ place }) => place));
    const last = Math.max(...near.map(({ place }) => place));
    for (const block of [...this.painted.keys()]) if (block.place < first - KEPT || block.place > last + KEPT) this.#leave(block);
    for (const block of this.pane.blocks.slice(Math.max(0, first - AHEAD), last + AHEAD + 1)) if (!this.painted.has(block)) this.#paint(block);
  }

  /** Paint on the nodes that the blocks have now. @param {Block[]} blocks */
  #again(blocks) {
    for (const block of blocks) {
      if (!this.painted.has(block)) continue;
      this.#clear(block);
      this.#paint(block);
    }
  }

  #later() {
    if (this.waiting) return;
    this.waiting = true;
    queueMicrotask(() => {
      this.waiting = false;
      for (const block of [...this.painted.keys()]) this.#paint(block);
    });
  }

  /** Take away what was painted in the block and paint what is there now, unless it is the same. @param {Block} block */
  #paint(block) {
    const spans = this.#spansIn(block);
    const signature = spans.map(([name, { start, end }]) => `${name} ${start} ${end}`).join();
    if (this.painted.get(block)?.signature === signature) return;
    this.#clear(block);
    const ranges = spans.flatMap(([name, span]) => {
      const range = this.pane.rangeIn(block, span);
      return range ? [/** @type {[string, AbstractRange]} */ ([name, range])] : [];
    });
    for (const [name, range] of ranges) layer(name).add(range);
    block.element.setAttribute("data-painted", "");
    this.painted.set(block, { signature, ranges });
  }

  /** @param {Block} block */
  #clear(block) {
    for (const [name, range] of this.painted.get(block)?.ranges ?? []) layer(name).delete(range);
    this.painted.delete(block);
  }

  /** No longer keep what was painted in a block far from the window. @param {Block} block */
  #leave(block) {
    this.#clear(block);
    block.element.removeAttribute("data-painted");
  }

  /**
   * What is to be painted in a block, by the highlight that it gets.
   *
   * @param {Block} block
   * @returns {[string, Span][]}
   */
  #spansIn(block) {
    const { index, draft, current, passage, linked, matches } = this.store;
    /** @type {[string, Span][]} */
    const spans = [];
    /** The last span of each highlight. @type {Map<string, Span>} */
    const last = new Map();
    for (const { id, start, end, lane } of index.meeting(block)) {
      const kind = draft?.id === id ? draft.kind : this.store.annotations.get(id)?.kind;
      const name = `${kind}-${lane}`;
      const before = last.get(name);
      if (before && start < before.end) before.end = Math.max(before.end, end); // they look like one, and cost as one
      else spans.push([name, { start, end }]), last.set(name, spans[spans.length - 1][1]);
    }
    const add = (/** @type {string} */ name, /** @type {Span[]} */ more) => {
      for (const span of more) if (span.start < block.end && span.end > block.start) spans.push([name, span]);
    };
    add("selected", current?.spans ?? []);
    add("related", this.#related(current));
    add("linked", linked ? [linked] : []);
    add("passage", passage ? [passage] : []);
    for (let place = firstAfter(matches.found, block.start); matches.found[place]?.start < block.end; place++) {
      spans.push([place === matches.at ? "match-here" : "match", matches.found[place]]);
    }
    return spans;
  }

  /**
   * The parts of what the selected annotation points to.
   *
   * @param {Annotation | null} annotation
   */
  #related(annotation) {
    return (annotation?.relations ?? []).flatMap(({ to }) => this.store.annotations.get(to)?.spans ?? []);
  }
}

const PRIORITY = new Map([["related", 1], ["linked", 2], ["selected", 3], ["match", 4], ["match-here", 5], ["passage", 6]]);

/**
 * The first of the spans that ends after the code point.
 *
 * @param {Span[]} spans in order, without overlaps
 * @param {number} point
 */
function firstAfter(spans, point) {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle].end <= point) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @param {string} name */
function layer(name) {
  let found = layers.get(name);
  if (!found) {
    found = new Layer();
    found.priority = PRIORITY.get(name) ?? 0;
    layers.set(name, found);
  }
  return found;
}
