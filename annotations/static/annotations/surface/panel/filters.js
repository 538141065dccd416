/** @import { Store } from "../model/store.js" */
/** @import { Way } from "./filter-choices.js" */
import { h } from "../ui/dom.js";
import { inSpareTime } from "../ui/scheduling.js";
import { choicesOf, shownOf, tallyOf, waysOf } from "./filter-choices.js";

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
    this.choices = waysOf(store).map((way) => {
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
    this.tally.textContent = shownOf(store);
    this.all.hidden = !store.isFiltered;
  }

  /** @param {{way: Way, select: HTMLSelectElement, known: string}} choice */
  #fill(choice) {
    const { way, select } = choice;
    const choices = choicesOf(this.store, way);
    const known = JSON.stringify(choices);
    if (known !== choice.known) select.replaceChildren(...choices.map((each) => h("option", each)));
    choice.known = known;
    select.value = this.store.filter[way.name];
  }

  /** The button goes away: what comes before it takes the focus. */
  #showAll() {
    this.store.clearFilters();
    this.choices[this.choices.length - 1].select.focus();
  }
}
