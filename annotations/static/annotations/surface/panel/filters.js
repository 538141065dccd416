/** @import { Annotation, Filter } from "../model/types.js" */
/** @import { Store } from "../model/store.js" */
import { h } from "../ui/dom.js";
import { inSpareTime } from "../ui/scheduling.js";
import { TITLES } from "../model/states.js";

/** @typedef {{name: keyof Filter, title: string, all: string, of: (annotation: Annotation) => string, say: (annotation: Annotation) => string}} Way */

/**
 * What text, list and minimap show: kinds, by a checkbox each beside their number, and states, labels and authors.
 */
export class Filters {
  /**
   * @param {{kinds: HTMLElement, more: HTMLElement, tally: HTMLElement, all: HTMLElement, store: Store}} parts
   */
  constructor({ kinds, more, tally, all, store }) {
    this.tally = tally;
    this.all = all;
    this.store = store;
    this.counts = new Map(store.place.codebook.kinds.map(({ kind, title }) => {
      const count = h("span", { className: "tally" });
      const box = h("input", { type: "checkbox", checked: true, "data-kind": kind, onchange: () => store.toggle(kind) });
      kinds.append(h("label", { className: `filter ${kind}` },
        box, h("span", { className: `mark ${kind}`, "aria-hidden": "true" }, title.charAt(0)), h("span", { className: "filter-title" }, title), " ", count));
      return [kind, { box, count }];
    }));
    /** @type {Way[]} */
    const ways = [
      { name: "state", title: "State", all: "All states", of: ({ state }) => state, say: ({ state }) => TITLES[state] },
      { name: "label", title: "Label", all: "All labels", of: ({ kind, label }) => `${kind}/${label}`, say: (each) => `${store.rule(each.kind).title}: ${store.labelTitle(each)}` },
      { name: "author", title: "Author", all: "All authors", of: ({ author }) => author.id, say: ({ author }) => author.name },
      { name: "talk", title: "Comments", all: "All", of: ({ id }) => (store.talk.get(id)?.open ? "open" : ""), say: () => "Unresolved" },
    ];
    this.choices = ways.map((way) => {
      const select = h("select", { id: `filter-${way.name}`, onchange: () => store.setFilter({ [way.name]: select.value }) });
      more.append(h("p", { className: "filter-choice" }, h("label", { htmlFor: select.id }, way.title), select));
      return { way, select, known: "" };
    });
    all.addEventListener("click", () => this.#showAll());
    store.on(["annotations", "filter", "loaded", "talk"], inSpareTime(() => this.#render()));
    this.#render();
  }

  #render() {
    const { store } = this;
    const kinds = tallyOf(store.ordered, ({ kind }) => kind);
    for (const [kind, { box, count }] of this.counts) {
      count.textContent = String(kinds.get(kind)?.count ?? 0);
      box.checked = !store.hidden.has(kind);
    }
    for (const choice of this.choices) this.#fill(choice);
    const [shown, all] = [store.ordered.filter((each) => store.isShown(each)).length, store.ordered.length].map((count) => count.toLocaleString("en"));
    this.tally.textContent = store.isFiltered ? `${shown} of ${all}` : all;
    this.all.hidden = !store.isFiltered;
  }

  /** @param {{way: Way, select: HTMLSelectElement, known: string}} choice */
  #fill(choice) {
    const { way, select } = choice;
    const tally = tallyOf(this.store.ordered, way.of);
    const options = [...tally].map(([value, { first, count }]) => ({ value, text: `${way.say(first)} (${count})` })).sort((a, b) => (a.text < b.text ? -1 : 1));
    const chosen = this.store.filter[way.name];
    if (chosen && !tally.has(chosen)) options.push({ value: chosen, text: "None left" });
    const known = JSON.stringify(options);
    if (known !== choice.known) select.replaceChildren(...[{ value: "", text: way.all }, ...options].map((each) => h("option", each)));
    choice.known = known;
    select.value = chosen;
  }

  /** The button goes away: what comes before it takes the focus. */
  #showAll() {
    this.store.clearFilters();
    this.choices[this.choices.length - 1].select.focus();
  }
}

/**
 * How many there are of each, and one of them.
 *
 * @param {Annotation[]} annotations
 * @param {(annotation: Annotation) => string} of
 */
function tallyOf(annotations, of) {
  /** @type {Map<string, {first: Annotation, count: number}>} */
  const tally = new Map();
  for (const annotation of annotations) {
    const value = of(annotation);
    const known = tally.get(value);
    if (known) known.count++;
    else if (value) tally.set(value, { first: annotation, count: 1 });
  }
  return tally;
}
