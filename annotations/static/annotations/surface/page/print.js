/** @import { Annotation } from "../model/types.js" */
/** @import { Store } from "../model/store.js" */
/** @import { TextPane } from "../text/text-pane.js" */
import { dated } from "../../js/times/times.js";
import { h } from "../ui/dom.js";
import { standing } from "../panel/review.js";
import { quoted, words } from "../model/store.js";

/** What the page becomes on paper: where the text is from, the text with numbers, and a note for each number. */
export class Print {
  /**
   * @param {{store: Store, pane: TextPane, title: string, provenance: HTMLElement}} parts
   */
  constructor({ store, pane, title, provenance }) {
    this.store = store;
    this.pane = pane;
    this.title = title;
    this.provenance = provenance;
    addEventListener("beforeprint", () => this.#build());
    addEventListener("afterprint", () => this.#clear());
  }

  #build() {
    this.#clear();
    const noted = this.store.shown.filter(({ version }) => version > 0);
    this.numbers = new Map(noted.map(({ id }, place) => [id, place + 1]));
    this.sheet = h("main", { className: "print" }, this.#head(noted.length), this.#text(noted), this.#notes(noted));
    document.body.append(this.sheet);
    document.documentElement.toggleAttribute("data-printing", true);
  }

  #clear() {
    this.sheet?.remove();
    this.sheet = undefined;
    document.documentElement.toggleAttribute("data-printing", false);
  }

  /** @param {number} noted */
  #head(noted) {
    const { size } = this.store.annotations;
    const provenance = /** @type {HTMLElement} */ (this.provenance.cloneNode(true));
    provenance.removeAttribute("id");
    provenance.append(
      h("dt", {}, "Notes"), h("dd", {}, noted === size ? String(noted) : `${noted} of ${size}, as they were filtered`),
      h("dt", {}, "Printed"), h("dd", {}, dated(new Date().toISOString())));
    return h("header", {}, h("h1", { dir: "auto" }, this.title), provenance);
  }

  /** The text, with what is tagged underlined, and numbers where it ends. @param {Annotation[]} noted */
  #text(noted) {
    /** How many more parts cover the text from here on, and the numbers to put here. @type {Map<number, {depth: number, numbers: number[]}>} */
    const borders = new Map([[this.pane.length, { depth: 0, numbers: [] }]]);
    const border = (/** @type {number} */ point) => borders.get(point) ?? borders.set(point, { depth: 0, numbers: [] }).get(point) ?? { depth: 0, numbers: [] };
    for (const { id, spans } of noted) {
      for (const { start, end } of spans) {
        border(start).depth++;
        border(end).depth--;
        border(end).numbers.push(this.#number(id));
      }
    }
    const text = h("div", { className: "print-text", lang: this.pane.root.lang });
    let from = 0;
    let depth = 0;
    for (const [point, { depth: more, numbers }] of [...borders].sort(([a], [b]) => a - b)) {
      const piece = from < point ? this.pane.exact({ start: from, end: point }) : "";
      text.append(depth > 0 ? h("u", {}, piece) : piece);
      if (numbers.length > 0) text.append(h("sup", {}, numbers.sort((a, b) => a - b).join(" ")));
      depth += more;
      from = point;
    }
    return text;
  }

  /** @param {Annotation[]} noted */
  #notes(noted) {
    if (noted.length === 0) return h("p", {}, "Nothing is tagged, or all of it is filtered out.");
    return h("section", { className: "print-notes" }, h("h2", {}, "Notes"), h("ol", {}, ...noted.map((each) => this.#note(each))));
  }

  /** @param {Annotation} annotation */
  #note(annotation) {
    const rule = this.store.rule(annotation.kind);
    const fields = rule.fields
      .filter(({ name, type }) => type !== "entity" && name in annotation.fields)
      .map(({ name, title }) => `${title}: ${[annotation.fields[name]].flat().join(", ")}`);
    const relations = annotation.relations.map(({ type, to }) => `${rule.relations.find((each) => each.type === type)?.title ?? type} ${this.#target(to)}`);
    return h("li", {},
      h("strong", {}, `${rule.title}: ${this.store.labelTitle(annotation)}. `), h("q", { dir: "auto" }, words(annotation, 300)), " ",
      [...fields, ...relations].map((fact) => `${fact.replace(/\.$/, "")}. `).join(""), h("small", {}, facts(annotation)));
  }

  /** @param {string} id */
  #target(id) {
    const target = this.store.annotations.get(id);
    if (this.numbers?.has(id)) return `note ${this.#number(id)}`;
    return target ? quoted(words(target, 60)) : "an annotation of another source";
  }

  /** @param {string} id */
  #number(id) {
    return this.numbers?.get(id) ?? 0;
  }
}

/**
 * The state, who decided and who wrote it, and which version that is.
 *
 * @param {Annotation} annotation
 */
function facts(annotation) {
  const { version, published_version: published } = annotation;
  return [...standing(annotation), `version ${version}`, published !== null && published !== version && `version ${published} is published`].filter(Boolean).join(", ");
}
