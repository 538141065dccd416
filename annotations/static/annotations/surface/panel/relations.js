/** @import { Option } from "../ui/combobox.js" */
/** @import { Commands } from "../page/commands.js" */
/** @import { LinkedAnnotations } from "./linked-annotations.js" */
/** @import { Found } from "./lookups.js" */
/** @import { Picker } from "../ui/picker.js" */
/** @import { Store } from "../model/store.js" */
/** @import { Annotation, RelationRule } from "../model/types.js" */
import { Combobox } from "../ui/combobox.js";
import { h } from "../ui/dom.js";
import { foldText } from "../text/search-folding.js";
import { annotationsLike } from "./lookups.js";
import { words } from "../model/store.js";

const MOST_HERE = 8;

/** @typedef {{store: Store, commands: Commands, picker: Picker, elsewhere: LinkedAnnotations, annotation: Annotation}} Parts */

/**
 * What an annotation points to, and the way to make it point to more.
 *
 * @param {Parts & {editable: boolean}} parts
 * @returns {HTMLElement | null}
 */
export function relationsSection({ editable, ...parts }) {
  const { store, commands, elsewhere, annotation } = parts;
  const rules = store.rule(annotation.kind).relations;
  if (rules.length === 0 || (!editable && annotation.relations.length === 0)) return null;
  const items = annotation.relations.map(({ id, type, to }) => {
    const target = store.annotations.get(to);
    const title = rules.find((rule) => rule.type === type)?.title ?? type;
    const link = target
      ? h("button", { type: "button", className: `target ${target.kind}`, dir: "auto", onclick: () => store.select(to) }, words(target, 60))
      : elsewhere.link(to);
    const remove = editable && h("button", { type: "button", className: "quiet", "aria-label": `Remove the relation ${title}`, onclick: () => commands.unrelate(annotation, id) }, "×");
    return h("li", {}, h("span", { className: "relation-type" }, title), link, remove);
  });
  return h("section", { className: "relations", "aria-label": "Relations" }, h("h3", {}, "Relations"), h("ul", {}, ...items), editable && adder(parts, rules));
}

/**
 * @param {Parts} parts
 * @param {RelationRule[]} rules
 */
function adder({ store, commands, picker, elsewhere, annotation }, rules) {
  const type = h("select", { id: "relation-type", "aria-label": "Relation" }, ...rules.map((rule) => h("option", { value: rule.type }, rule.title)));
  const box = h("input", { id: "relation-target", type: "text", dir: "auto", "aria-label": "Other annotation", placeholder: "Find by its words" });
  const rule = () => rules.find((each) => each.type === type.value) ?? rules[0];
  const isThere = (/** @type {string} */ id) => annotation.relations.some((each) => each.type === type.value && each.to === id);
  const fits = (/** @type {Annotation} */ other) => other.id !== annotation.id && rule().to.includes(other.kind) && !isThere(other.id);
  const relate = (/** @type {string} */ to) => ((box.value = ""), commands.relate(annotation, type.value, to));

  /**
   * First what this source has, then the rest of the desk.
   *
   * @param {string} typed
   * @param {AbortSignal} signal
   * @returns {Promise<Option[]>}
   */
  async function search(typed, signal) {
    const here = matching(store, typed).filter(fits).slice(0, MOST_HERE);
    const wanted = { q: typed, kinds: rule().to, exclude: store.place.source };
    const there = typed === "" ? [] : await annotationsLike(store.place.urls.work, wanted, signal).catch(() => []);
    elsewhere.learn(there);
    return [
      ...here.map((each) => ({ shows: showing(store, each), choose: () => relate(each.id) })),
      ...there.filter(fits).map((each) => ({ shows: showing(store, each, each.source_title), choose: () => relate(each.id) })),
    ];
  }

  const list = new Combobox({ box, title: "Annotations", typed: () => box.value.trim(), search });
  type.addEventListener("change", () => list.close());
  const pick = h("button", { type: "button", id: "relation-pick", onclick: () => {
    pick.textContent = "Click the other tag in the text or list…";
    picker.wait(fits, ({ id }) => relate(id));
  } }, "Pick in text");
  return h("div", { className: "relation-adder" }, type, box, ...list.elements, pick);
}

/**
 * Those of this source that have all words, in the order of the text.
 *
 * @param {Store} store
 * @param {string} typed
 */
function matching(store, typed) {
  const wanted = foldText(typed).split(/\s+/).filter(Boolean);
  return store.ordered.filter((each) => {
    const said = foldText(`${words(each, Infinity)} ${store.labelTitle(each)} ${Object.values(each.fields).flat().join(" ")}`);
    return wanted.every((word) => said.includes(word));
  });
}

/**
 * @param {Store} store
 * @param {Annotation | Found} annotation
 * @param {string} [source] title of another source
 */
function showing(store, annotation, source = "") {
  const { kind } = annotation;
  const facts = [store.rule(kind).title, store.labelTitle(annotation), source && `in ${source}`].filter(Boolean).join(" · ");
  return [
    h("span", { className: `mark ${kind}`, "aria-hidden": "true" }, kind.charAt(0).toUpperCase()),
    h("span", { className: "option-name", dir: "auto" }, words(annotation, 90)),
    h("span", { className: "option-facts", dir: "auto" }, facts),
  ];
}
