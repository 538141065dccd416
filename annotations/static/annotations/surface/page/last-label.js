/** @import { Kind, PageData } from "../model/types.js" */

/** The kind and label that somebody tagged with last on a desk, remembered by the browser. */
export class LastLabel {
  /** @param {PageData} place */
  constructor(place) {
    this.name = `last-label:${place.urls.work}`;
    this.kinds = place.codebook.kinds;
    /** @type {{kind: Kind, label: string} | null} */
    this.known = read(this.name);
  }

  /** What it is called; null when there is none, or the codebook has it no longer. */
  get value() {
    const rule = this.kinds.find(({ kind }) => kind === this.known?.kind);
    const label = rule?.labels.find(({ name }) => name === this.known?.label);
    return rule && label ? { kind: rule.kind, label: label.name, title: `${rule.title}: ${label.title}` } : null;
  }

  /**
   * @param {Kind} kind
   * @param {string} label
   */
  keep(kind, label) {
    this.known = { kind, label };
    try {
      localStorage.setItem(this.name, JSON.stringify(this.known));
    } catch {
      // Storage is closed to this page: it lasts until the page is left.
    }
  }
}

/** @param {string} name */
function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name) ?? "null");
  } catch {
    return null;
  }
}
