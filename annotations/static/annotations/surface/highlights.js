/** @import { Annotation, Span } from "./types.js" */
/** @import { Block, TextPane } from "./text.js" */
/** @import { Store } from "./store.js" */

const MARGIN = "600px 0px"; // above and below the window, so that scrolling meets painted text

/** Paints tags by the CSS Custom Highlight API, only in the blocks near the window. */
export class Highlights {
  /**
   * @param {Store} store
   * @param {TextPane} pane
   */
  constructor(store, pane) {
    this.store = store;
    this.pane = pane;
    /** The ranges of each block near the window, to be taken away again. @type {Map<Block, [string, AbstractRange][]>} */
    this.painted = new Map();
    this.waiting = false;
    this.observer = new IntersectionObserver((entries) => this.#moved(entries), { rootMargin: MARGIN });
    for (const { element } of pane.blocks) this.observer.observe(element);
    store.on(["annotations", "selected", "passage", "draft", "hidden"], () => this.#later());
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #moved(entries) {
    for (const { target, isIntersecting } of entries) {
      const block = this.pane.byElement.get(target);
      if (!block) continue;
      this.#clear(block);
      if (isIntersecting) this.#paint(block);
      else this.painted.delete(block);
    }
  }

  #later() {
    if (this.waiting) return;
    this.waiting = true;
    queueMicrotask(() => {
      this.waiting = false;
      for (const block of [...this.painted.keys()]) {
        this.#clear(block);
        this.#paint(block);
      }
    });
  }

  /** @param {Block} block */
  #paint(block) {
    const { index, draft, current, passage } = this.store;
    /** @type {[string, AbstractRange][]} */
    const ranges = [];
    for (const entry of index.meeting(block)) {
      const kind = draft?.id === entry.id ? draft.kind : this.store.annotations.get(entry.id)?.kind;
      add(ranges, `${kind}-${entry.lane}`, this.pane.rangeIn(block, entry));
    }
    for (const part of current?.spans ?? []) add(ranges, "selected", this.#part(block, part));
    for (const part of this.#related(current)) add(ranges, "related", this.#part(block, part));
    if (passage) add(ranges, "passage", this.#part(block, passage));
    for (const [name, range] of ranges) layer(name).add(range);
    this.painted.set(block, ranges);
  }

  /** @param {Block} block */
  #clear(block) {
    for (const [name, range] of this.painted.get(block) ?? []) layer(name).delete(range);
  }

  /**
   * @param {Block} block
   * @param {Span} span
   */
  #part(block, span) {
    return span.start < block.end && span.end > block.start ? this.pane.rangeIn(block, span) : null;
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

const PRIORITY = new Map([["related", 1], ["selected", 2], ["passage", 3]]);

/** @param {string} name */
function layer(name) {
  let found = CSS.highlights.get(name);
  if (!found) {
    found = new Highlight();
    found.priority = PRIORITY.get(name) ?? 0;
    CSS.highlights.set(name, found);
  }
  return found;
}

/**
 * @param {[string, AbstractRange][]} ranges
 * @param {string} name
 * @param {AbstractRange | null} range
 */
function add(ranges, name, range) {
  if (range) ranges.push([name, range]);
}
