import { trimmedIn } from "../../annotations/static/annotations/surface/text/blank.js";
import { LineOffsets } from "../../annotations/static/annotations/surface/text/offsets.js";

/** A text without a page: what words and edges ask of TextPane. */
export class PlainPane {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
    this.points = [...text];
    this.length = this.points.length;
    this.lines = [];
    let start = 0;
    for (const line of text.split("\n")) {
      const offsets = new LineOffsets(line);
      this.lines.push({ start, end: start + offsets.points, text: line, offsets });
      start += offsets.points + 1;
    }
  }

  /** @param {number} point */
  lineAt(point) {
    return this.lines.findLast(({ start }) => start <= point) ?? this.lines[0];
  }

  /** @param {{start: number, end: number}} span */
  exact({ start, end }) {
    return this.points.slice(start, end).join("");
  }

  /** @param {{start: number, end: number}} span */
  trimmed(span) {
    return trimmedIn(this.exact(span), span);
  }
}
