/** @import { Annotation, Span } from "./types.js" */
/** @import { Line, TextPane } from "./text.js" */
/** @import { Store } from "./store.js" */

const MARGIN = "600px 0px"; // above and below the window, so that scrolling meets painted text

/** Paints tags by the CSS Custom Highlight API, only in the lines near the window. */
export class Highlights {
  /**
   * @param {Store} store
   * @param {TextPane} pane
   */
  constructor(store, pane) {
    this.store = store;
    this.pane = pane;
    /** The ranges of each line near the window, to be taken away again. @type {Map<Line, [string, AbstractRange][]>} */
    this.painted = new Map();
    this.waiting = false;
    this.observer = new IntersectionObserver((entries) => this.#moved(entries), { rootMargin: MARGIN });
    for (const line of pane.lines) if (line.text) this.observer.observe(line.element);
    store.on(["annotations", "selected", "passage", "draft", "hidden"], () => this.#later());
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #moved(entries) {
    for (const { target, isIntersecting } of entries) {
      const line = this.pane.byElement.get(target);
      if (!line) continue;
      this.#clear(line);
      if (isIntersecting) this.#paint(line);
      else this.painted.delete(line);
    }
  }

  #later() {
    if (this.waiting) return;
    this.waiting = true;
    queueMicrotask(() => {
      this.waiting = false;
      for (const line of [...this.painted.keys()]) {
        this.#clear(line);
        this.#paint(line);
      }
    });
  }

  /** @param {Line} line */
  #paint(line) {
    const { index, draft, current, passage } = this.store;
    /** @type {[string, AbstractRange][]} */
    const ranges = [];
    for (const entry of index.meeting(line)) {
      const kind = draft?.id === entry.id ? draft.kind : this.store.annotations.get(entry.id)?.kind;
      add(ranges, `${kind}-${entry.lane}`, this.pane.rangeIn(line, entry));
    }
    for (const part of current?.spans ?? []) add(ranges, "selected", this.#part(line, part));
    for (const part of this.#related(current)) add(ranges, "related", this.#part(line, part));
    if (passage) add(ranges, "passage", this.#part(line, passage));
    for (const [name, range] of ranges) layer(name).add(range);
    this.painted.set(line, ranges);
  }

  /** @param {Line} line */
  #clear(line) {
    for (const [name, range] of this.painted.get(line) ?? []) layer(name).delete(range);
  }

  /**
   * @param {Line} line
   * @param {Span} span
   */
  #part(line, span) {
    return span.start < line.end && span.end > line.start ? this.pane.rangeIn(line, span) : null;
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
