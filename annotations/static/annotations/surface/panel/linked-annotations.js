/** @import { Found } from "./lookups.js" */
/** @import { PageData } from "../model/types.js" */
import { h } from "../ui/dom.js";
import { annotationsNamed } from "./lookups.js";
import { words } from "../model/store.js";

/** Annotations of other sources that those of this one point to: asked for once, several together. */
export class LinkedAnnotations {
  /** @param {PageData} place */
  constructor({ urls }) {
    this.urls = urls;
    /** Null for what is gone. @type {Map<string, Found | null>} */
    this.known = new Map();
    /** Ids that are asked for next, and who waits for them. @type {Map<string, HTMLElement[]>} */
    this.wanted = new Map();
  }

  /** @param {Found[]} found */
  learn(found) {
    for (const each of found) this.known.set(each.id, each);
  }

  /**
   * A link to the annotation where it stands; its words come as soon as they are known.
   *
   * @param {string} id
   * @returns {HTMLElement}
   */
  link(id) {
    const element = h("span", { className: "target-elsewhere" }, "An annotation of another source");
    if (this.known.has(id)) this.#fill(element, id);
    else this.#ask(id, element);
    return element;
  }

  /**
   * @param {string} id
   * @param {HTMLElement} element
   */
  #ask(id, element) {
    if (this.wanted.size === 0) queueMicrotask(() => this.#fetch());
    this.wanted.set(id, [...(this.wanted.get(id) ?? []), element]);
  }

  async #fetch() {
    const wanted = new Map(this.wanted);
    this.wanted.clear();
    const found = await annotationsNamed(this.urls.work, [...wanted.keys()]).catch(() => null);
    if (!found) return; // asked for again when it is shown again
    for (const id of wanted.keys()) this.known.set(id, null);
    this.learn(found);
    for (const [id, elements] of wanted) for (const element of elements) this.#fill(element, id);
  }

  /**
   * @param {HTMLElement} element
   * @param {string} id
   */
  #fill(element, id) {
    const found = this.known.get(id);
    if (!found) return element.replaceChildren("A deleted annotation");
    element.replaceChildren(
      h("a", { className: `target ${found.kind}`, href: `${this.urls.sources}${found.source}/#a=${id}`, dir: "auto" }, words(found, 60)),
      h("span", { className: "target-source", dir: "auto" }, `in ${found.source_title}`));
  }
}
