/** @import { Annotation, Filter } from "../model/types.js" */
/** @import { Store } from "../model/store.js" */
import { TITLES } from "../model/states.js";

/** @typedef {{name: keyof Filter, title: string, all: string, of: (annotation: Annotation) => string, say: (annotation: Annotation) => string}} Way */

/**
 * By what can be filtered beside the kinds.
 *
 * @param {Store} store
 * @returns {Way[]}
 */
export function waysOf(store) {
  return [
    { name: "state", title: "State", all: "All states", of: ({ state }) => state, say: ({ state }) => TITLES[state] },
    { name: "label", title: "Label", all: "All labels", of: ({ kind, label }) => `${kind}/${label}`, say: (each) => `${store.rule(each.kind).title}: ${store.labelTitle(each)}` },
    { name: "author", title: "Author", all: "All authors", of: ({ author }) => author.id, say: ({ author }) => author.name },
    { name: "talk", title: "Comments", all: "All", of: ({ id }) => (store.talk.get(id)?.open ? "open" : ""), say: () => "Unresolved" },
  ];
}

/**
 * What can be chosen, by its name; a choice of which nothing is left stays among them.
 *
 * @param {Store} store
 * @param {Way} way
 * @returns {{value: string, text: string}[]}
 */
export function choicesOf(store, way) {
  const tally = tallyOf(store.ordered, way.of);
  const choices = [...tally].map(([value, { first, count }]) => ({ value, text: `${way.say(first)} (${count})` })).sort((a, b) => (a.text < b.text ? -1 : 1));
  const chosen = store.filter[way.name];
  return [{ value: "", text: way.all }, ...choices, ...(chosen && !tally.has(chosen) ? [{ value: chosen, text: "None left" }] : [])];
}

/**
 * How many there are of each, and the first of them; what is empty is not counted.
 *
 * @param {Annotation[]} annotations
 * @param {(annotation: Annotation) => string} of
 */
export function tallyOf(annotations, of) {
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

/** How many of all are shown, in words. @param {Store} store */
export function shownOf(store) {
  const [shown, all] = [store.ordered.filter((each) => store.isShown(each)).length, store.ordered.length].map((count) => count.toLocaleString("en"));
  return store.isFiltered ? `${shown} of ${all}` : all;
}
