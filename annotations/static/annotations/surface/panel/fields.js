/** @import { Field, FieldValue } from "../model/types.js" */
/** @import { Api } from "../sync/api.js" */
import { h } from "../ui/dom.js";
import { registerInput } from "./register.js";

/**
 * @typedef {object} Input A field of the form.
 * @property {HTMLElement} element the whole row
 * @property {HTMLElement} control what takes the focus
 * @property {() => FieldValue} value
 * @property {(sentences: string[]) => void} complain
 */

/**
 * The typed input of a codebook's field.
 *
 * @param {Field} field
 * @param {FieldValue | undefined} value
 * @param {Api} api
 * @param {() => string} label the annotation's, as the form has it now
 * @returns {Input}
 */
export function fieldInput(field, value, api, label) {
  const id = `field-${field.name}`;
  const { control, read, extra } = controlOf(field, value, api, label);
  if (field.required) control.setAttribute("aria-required", "true");
  return row({ id, title: field.title, help: field.help, required: field.required, control, extra, read });
}

/**
 * A labelled control with its help and room for what is wrong with it.
 *
 * @param {{id: string, title: string, help?: string, required?: boolean, control: HTMLElement, extra?: Node[], read: () => FieldValue}} parts
 * @returns {Input}
 */
export function row({ id, title, help = "", required = false, control, extra = [], read }) {
  control.id = id;
  const error = h("p", { id: `${id}-error`, className: "field-error", hidden: true });
  const hint = help ? h("p", { id: `${id}-help`, className: "field-help" }, help) : null;
  control.setAttribute("aria-describedby", [hint && `${id}-help`, `${id}-error`].filter(Boolean).join(" "));
  const mark = required ? h("span", { className: "required", title: "required", "aria-hidden": "true" }, " *") : null;
  const element = h("div", { className: "field" }, h("label", { htmlFor: id }, title, mark), control, ...extra, hint, error);
  return {
    element,
    control,
    value: read,
    complain(sentences) {
      error.textContent = sentences.join(" ");
      error.hidden = sentences.length === 0;
      if (sentences.length > 0) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    },
  };
}

/**
 * @param {Field} field
 * @param {FieldValue | undefined} value
 * @param {Api} api
 * @param {() => string} label
 * @returns {{control: HTMLElement, read: () => FieldValue, extra?: Node[]}}
 */
function controlOf(field, value, api, label) {
  const text = Array.isArray(value) ? value.join("\n") : (value ?? "");
  switch (field.type) {
    case "longtext":
    case "urls": {
      const area = h("textarea", { value: text, rows: field.type === "urls" ? 2 : 3, dir: "auto" });
      return { control: area, read: () => (field.type === "urls" ? area.value.split(/\s+/).filter(Boolean) : area.value.trim()) };
    }
    case "choice": {
      const options = ["", ...field.choices].map((each) => h("option", { value: each, selected: each === text }, each || "—"));
      const select = h("select", {}, ...options);
      return { control: select, read: () => select.value };
    }
    case "entity":
      return registerInput(field.name, text, api, label);
    default: {
      const input = h("input", { type: field.type === "date" ? "date" : "text", value: text, dir: "auto", autocomplete: "off" });
      return { control: input, read: () => input.value.trim() };
    }
  }
}
