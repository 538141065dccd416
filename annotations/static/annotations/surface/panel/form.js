/** @import { Annotation, Field, FieldValue } from "../model/types.js" */
/** @import { Api } from "../sync/api.js" */
/** @import { Store } from "../model/store.js" */
import { h } from "../ui/dom.js";
import { fieldInput, row } from "./fields.js";

/** @typedef {{label: string, fields: Record<string, FieldValue>}} Values */

export const FORM = "annotation-form"; // its id, for buttons that stand outside of it
const FEW = 2; // fields that are always shown, required or not

/** Label and fields of an annotation as a form; empty optional fields are folded. It knows nothing of saving. */
export class AnnotationForm {
  /**
   * @param {{store: Store, api: Api, annotation: Annotation, values: Values, unfolded: Set<string>, onType: (values: Values) => void, onSave: () => void}} parts
   *   `unfolded`: kinds whose optional fields the editor opened
   */
  constructor({ store, api, annotation, values, unfolded, onType, onSave }) {
    const rule = store.rule(annotation.kind);
    const options = rule.labels.map(({ name, title }) => h("option", { value: name, selected: name === values.label }, title));
    const select = h("select", { id: "field-label" }, ...options);
    this.rule = rule;
    this.label = row({ id: "field-label", title: "Label", control: select, read: () => select.value });
    this.fields = new Map(rule.fields.map((field) => [field.name, fieldInput(field, values.fields[field.name], api, () => select.value)]));
    this.summary = h("p", { className: "form-error", role: "alert", hidden: true });
    const { shown, folded } = divided(rule.fields, values.fields);
    const elements = (/** @type {Field[]} */ fields) => fields.map(({ name }) => /** @type {HTMLElement} */ (this.fields.get(name)?.element));
    this.more = h("details", { className: "more-fields", open: unfolded.has(rule.kind), hidden: folded.length === 0, ontoggle: () => unfolded[this.more.open ? "add" : "delete"](rule.kind) },
      h("summary", {}, "More: ", folded.map(({ title }) => title).join(", ")), h("div", { className: "more-fields-body" }, ...elements(folded)));
    this.element = h("form", { id: FORM, noValidate: true, className: "annotation-form" },
      this.summary, this.label.element, ...elements(shown), this.more);
    this.element.addEventListener("input", () => onType(this.values));
    this.element.addEventListener("submit", (event) => (event.preventDefault(), onSave()));
  }

  /** @returns {Values} without empty fields */
  get values() {
    /** @type {Record<string, FieldValue>} */
    const fields = {};
    for (const [name, input] of this.fields) {
      const value = input.value();
      if (value.length > 0) fields[name] = value;
    }
    return { label: /** @type {string} */ (this.label.value()), fields };
  }

  /** Say which required fields are empty. @returns {boolean} whether there are none */
  check() {
    const { fields } = this.values;
    const empty = this.rule.fields.filter(({ name, required }) => required && !(name in fields));
    this.complain("", Object.fromEntries(empty.map(({ name, title }) => [`fields.${name}`, [`“${title}” is required.`]])));
    return empty.length === 0;
  }

  /**
   * Show what is wrong beside each field; the sentence only when no field is to blame.
   *
   * @param {string} sentence
   * @param {Record<string, string[]>} errors
   */
  complain(sentence, errors) {
    const inputs = new Map([["label", this.label], ...Array.from(this.fields, ([name, input]) => /** @type {const} */ ([`fields.${name}`, input]))]);
    for (const [name, input] of inputs) input.complain(errors[name] ?? []);
    const elsewhere = Object.keys(errors).filter((name) => !inputs.has(name)).flatMap((name) => errors[name]);
    const blamed = [...inputs].find(([name]) => errors[name]);
    this.summary.textContent = elsewhere.join(" ") || (blamed ? "" : sentence);
    this.summary.hidden = !this.summary.textContent;
    if (blamed && this.more.contains(blamed[1].control)) this.more.open = true;
    blamed?.[1].control.focus();
  }

  /** To the first field that must be filled in, else to the first. */
  focus() {
    const required = this.rule.fields.find((field) => field.required);
    (required ? this.fields.get(required.name) : this.label)?.control.focus();
  }
}

/**
 * Which fields are shown and which are folded: optional ones without a value, but for the first few.
 *
 * @param {Field[]} fields in the codebook's order
 * @param {Record<string, FieldValue>} values
 */
function divided(fields, values) {
  const isNeeded = (/** @type {Field} */ { name, required }) => required || (values[name]?.length ?? 0) > 0;
  const needed = fields.filter(isNeeded).length;
  const others = fields.filter((field) => !isNeeded(field));
  const extra = new Set(others.slice(0, Math.max(0, FEW - needed)));
  const isShown = (/** @type {Field} */ field) => isNeeded(field) || extra.has(field);
  return { shown: fields.filter(isShown), folded: fields.filter((field) => !isShown(field)) };
}
