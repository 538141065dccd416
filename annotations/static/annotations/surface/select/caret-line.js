/** @import { TextPane } from "../text/text-pane.js" */
import { boxOf } from "../text/boxes.js";
import { h } from "../ui/dom.js";
import { inNextFrame } from "../ui/scheduling.js";

/** The line in the text that shows where the caret stands. */
export class CaretLine {
  /** @param {TextPane} pane */
  constructor(pane) {
    this.pane = pane;
    this.element = h("div", { className: "beam", "aria-hidden": "true", hidden: true });
    pane.root.after(this.element);
    this.soon = inNextFrame(() => this.place());
    new ResizeObserver(() => this.place()).observe(pane.root); // other fonts, widths, or lines laid out above
  }

  /** @param {number} point */
  show(point) {
    this.point = point;
    this.element.hidden = false;
    this.soon();
  }

  /** Put it where it belongs now. @returns {DOMRect} where that is in the window */
  place() {
    if (this.point === undefined) return new DOMRect();
    const box = boxOf(this.pane, { start: this.point, end: this.point });
    const home = this.element.offsetParent?.getBoundingClientRect() ?? new DOMRect();
    this.element.style.setProperty("--x", `${box.left - home.left}px`);
    this.element.style.setProperty("--y", `${box.top - home.top}px`);
    this.element.style.setProperty("--height", `${box.height}px`);
    return box;
  }
}
