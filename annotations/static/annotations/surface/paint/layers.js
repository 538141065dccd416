import { byId, h } from "../ui/dom.js";
import { inNextFrame } from "../ui/scheduling.js";

/**
 * Named sets of ranges that are painted over the text: the browser's own highlights. Browsers without
 * `CSS.highlights` (Firefox before 140) get boxes behind the words instead, and a notice.
 */

/** What `Highlight` is elsewhere: a set of ranges. @extends {Set<AbstractRange>} */
class Drawn extends Set {
  /** @param {...AbstractRange} ranges */
  constructor(...ranges) {
    super();
    this.priority = 0;
    for (const range of ranges) this.add(range);
  }

  /** @param {AbstractRange} range */
  add(range) {
    draw();
    return super.add(range);
  }

  /** @param {AbstractRange} range */
  delete(range) {
    draw();
    return super.delete(range);
  }

  clear() {
    draw();
    super.clear();
  }
}

/** What `CSS.highlights` is elsewhere. @extends {Map<string, Drawn>} */
class DrawnLayers extends Map {
  /**
   * @param {string} name
   * @param {Drawn} layer
   */
  set(name, layer) {
    draw();
    return super.set(name, layer);
  }

  /** @param {string} name */
  delete(name) {
    draw();
    return super.delete(name);
  }
}

const draw = inNextFrame(() => {
  const { left, top } = boxes.getBoundingClientRect();
  const inOrder = [...drawn].sort(([, a], [, b]) => a.priority - b.priority);
  boxes.replaceChildren(...inOrder.flatMap(([name, layer]) => [...layer].flatMap((range) => boxesOf(name, range, left, top))));
});

/**
 * @param {string} name
 * @param {AbstractRange} range
 * @param {number} left of the window, where the boxes are counted from
 * @param {number} top
 */
function boxesOf(name, range, left, top) {
  const measured = document.createRange();
  measured.setStart(range.startContainer, range.startOffset);
  measured.setEnd(range.endContainer, range.endOffset);
  const [, kind, lane] = /^(claim|entity|quote|flag)-(\d)$/.exec(name) ?? ["", name, "0"];
  return Array.from(measured.getClientRects(), (rect) => {
    const box = h("i", { className: `drawn ${kind}`, "data-lane": lane });
    for (const [property, value] of [["--x", rect.left - left], ["--y", rect.top - top], ["--width", rect.width], ["--height", rect.height]]) {
      box.style.setProperty(String(property), `${value}px`);
    }
    return box;
  });
}

const boxes = h("div", { className: "drawn-layers", "aria-hidden": "true" });
const drawn = new DrawnLayers();

/** @type {Map<string, Highlight>} */
export const layers = /** @type {any} */ (CSS.highlights ?? drawn);
/** @type {typeof Highlight} */
export const Layer = CSS.highlights ? Highlight : /** @type {any} */ (Drawn);

if (!CSS.highlights) {
  const text = byId("text");
  text.before(boxes);
  text.parentElement?.classList.add("has-drawn-layers");
  new ResizeObserver(draw).observe(text);
  byId("old-browser").hidden = false;
}
