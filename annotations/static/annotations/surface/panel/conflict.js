/** @import { Annotation, FieldValue } from "../model/types.js" */
/** @import { Said } from "../model/merge.js" */
/** @import { Store } from "../model/store.js" */
import { dated } from "../../js/times/times.js";
import { showDialog } from "../ui/dialog.js";
import { h } from "../ui/dom.js";
import { differing } from "../model/merge.js";
import { words } from "../model/store.js";

/**
 * Two versions of one annotation and what may become of them.
 *
 * @typedef {object} Conflict
 * @property {Annotation} current theirs
 * @property {Said} was what both began with
 * @property {Said} mine
 * @property {() => void} onTheirs
 * @property {() => void} onMine
 * @property {(() => void) | null} onEdit null when what is mine does not fit into the form
 */


/**
 * Theirs and mine side by side, as each would be saved: what differs or is new, and marked what each side changed.
 * Nothing is chosen by closing it.
 *
 * @param {Conflict} conflict
 * @param {Store} store
 */
export function showConflict({ current, was, mine, onTheirs, onMine, onEdit }, store) {
  const who = current.author.name;
  const byThem = new Set(differing(was, current));
  const apart = differing(current, mine);
  const byMe = new Set(differing(was, mine).filter((name) => apart.includes(name)));
  const rows = [...new Set([...byThem, ...apart])].map((name) => h("tr", {},
    h("th", { scope: "row" }, titleOf(name, current, store)),
    cell(`${who}: `, valueOf(name, current, store), byThem.has(name)),
    cell("You: ", valueOf(name, mine, store), byMe.has(name))));
  const choose = (/** @type {string} */ title, /** @type {() => void} */ run, className = "") =>
    h("button", { type: "button", className, onclick: () => (dialog.close(), run()) }, title);
  const dialog = h("dialog", { className: "conflict", "aria-labelledby": "conflict-title" },
    h("h2", { id: "conflict-title", tabIndex: -1, autofocus: true }, `${who} changed this meanwhile`),
    h("p", { className: "conflict-when" }, `Version ${current.version}, ${dated(current.updated_at)}. What each of you changed is marked. Nothing is lost until you choose.`),
    h("table", {},
      h("thead", {}, h("tr", {}, h("td", {}), h("th", { scope: "col" }, `Theirs (${who})`), h("th", { scope: "col" }, "Mine"))),
      h("tbody", {}, ...rows)),
    h("div", { className: "form-buttons" },
      choose("Keep theirs", onTheirs),
      onEdit && choose("Edit before saving", onEdit),
      choose("Save mine as the next version", onMine, "primary"),
      choose("Decide later", () => {}, "later")));
  showDialog(dialog);
}

/**
 * @param {string} whose for narrow screens and screen readers
 * @param {string} value
 * @param {boolean} changed
 */
function cell(whose, value, changed) {
  const content = value || "(empty)";
  return h("td", { dir: "auto", className: value ? "" : "nothing" },
    h("span", { className: "whose" }, whose), changed ? h("mark", {}, content) : content);
}

/**
 * @param {string} name as merge.js names what differs
 * @param {Annotation} annotation
 * @param {Store} store
 */
function titleOf(name, { kind }, store) {
  const rule = store.rule(kind);
  const [group, rest] = name.split(".");
  if (group === "label") return "Label";
  if (group === "spans") return "Words";
  if (group === "fields") return rule.fields.find((field) => field.name === rest)?.title ?? rest;
  return rule.relations.find((relation) => relation.type === rest)?.title ?? rest;
}

/**
 * @param {string} name
 * @param {Said} said
 * @param {Store} store
 */
function valueOf(name, said, store) {
  const [group, rest, to] = name.split(".");
  if (group === "label") return [...store.place.codebook.kinds.flatMap(({ labels }) => labels)].find((each) => each.name === said.label)?.title ?? said.label;
  if (group === "spans") return said.spans.map(({ exact }) => exact).join(" … ");
  if (group === "fields") return shownField(said.fields[rest]);
  const target = store.annotations.get(to);
  return said.relations.some((each) => each.type === rest && each.to === to) ? (target ? words(target, 60) : "an annotation of another source") : "";
}

/** @param {FieldValue | undefined} value */
function shownField(value) {
  return Array.isArray(value) ? value.join("\n") : (value ?? "");
}
