/** @import { Annotation, RelationRule } from "./types.js" */
/** @import { Commands } from "./commands.js" */
/** @import { Picker } from "./picker.js" */
/** @import { Store } from "./store.js" */
import { h } from "./dom.js";
import { byPlace, words } from "./store.js";

/**
 * What an annotation points to, and the way to make it point to more.
 *
 * @param {{store: Store, commands: Commands, picker: Picker, annotation: Annotation, editable: boolean}} parts
 * @returns {HTMLElement | null}
 */
export function relationsSection({ store, commands, picker, annotation, editable }) {
  const rules = store.rule(annotation.kind).relations;
  if (rules.length === 0 || (!editable && annotation.relations.length === 0)) return null;
  const items = annotation.relations.map(({ id, type, to }) => {
    const target = store.annotations.get(to);
    const title = rules.find((rule) => rule.type === type)?.title ?? type;
    const link = target
      ? h("button", { type: "button", className: `target ${target.kind}`, dir: "auto", onclick: () => store.select(to) }, words(target, 60))
      : h("span", {}, "an annotation of another source");
    const remove = editable && h("button", { type: "button", className: "quiet", "aria-label": `Remove the relation ${title}`, onclick: () => commands.unrelate(annotation, id) }, "×");
    return h("li", {}, h("span", { className: "relation-type" }, title), link, remove);
  });
  return h("section", { className: "relations", "aria-label": "Relations" }, h("h3", {}, "Relations"), h("ul", {}, ...items), editable && adder({ store, commands, picker, annotation, rules }));
}

/** @param {{store: Store, commands: Commands, picker: Picker, annotation: Annotation, rules: RelationRule[]}} parts */
function adder({ store, commands, picker, annotation, rules }) {
  const type = h("select", { id: "relation-type", "aria-label": "Relation" }, ...rules.map((rule) => h("option", { value: rule.type }, rule.title)));
  const target = h("select", { id: "relation-target", "aria-label": "Other annotation" });
  const rule = () => rules.find((each) => each.type === type.value) ?? rules[0];
  const fits = (/** @type {Annotation} */ other) => other.id !== annotation.id && other.version > 0 && rule().to.includes(other.kind);
  const relate = (/** @type {string} */ to) => commands.relate(annotation, type.value, to);
  const fill = () => target.replaceChildren(h("option", { value: "" }, "Choose…"), ...[...store.annotations.values()].filter(fits).sort(byPlace)
    .map((each) => h("option", { value: each.id }, `${store.labelTitle(each)}: ${words(each, 50)}`)));
  type.addEventListener("change", fill);
  target.addEventListener("change", () => target.value && relate(target.value));
  fill();
  const pick = h("button", { type: "button", id: "relation-pick", onclick: () => {
    pick.textContent = "Click it in the text or list…";
    picker.wait(fits, ({ id }) => relate(id));
  } }, "Pick in text");
  return h("div", { className: "relation-adder" }, type, target, pick);
}
