/** @import { Api, Entity } from "./api.js" */
import { h } from "./dom.js";

const PAUSE = 150; // milliseconds after the last letter

/**
 * A search for a record of the desk's register, and a button to add the one that is missing there.
 * What it reads is the record's id.
 *
 * @param {string} name of the field
 * @param {string} id of the record chosen so far
 * @param {Api} api
 * @param {() => string} type of a record that is added
 */
export function registerInput(name, id, api, type) {
  /** @type {Map<string, string>} */
  const ids = new Map();
  const options = h("datalist", { id: `register-${name}` });
  const input = h("input", { type: "text", autocomplete: "off", list: options.id, dir: "auto", value: id, placeholder: "Search the register" });
  const add = h("button", { type: "button", className: "add-record", hidden: true, onclick: () => addRecord() });
  const trouble = h("p", { className: "field-error", role: "alert", hidden: true });
  let timer = 0;

  const showAdd = () => {
    const typed = input.value.trim();
    add.textContent = `Add “${typed}” to the register`;
    add.hidden = typed === "" || ids.has(typed) || typed === id;
    trouble.hidden = true;
  };
  /** @param {Entity[]} found */
  const offer = (found) => {
    for (const entity of found) ids.set(titleOf(entity), entity.id);
    options.replaceChildren(...found.map((entity) => h("option", { value: titleOf(entity) })));
    showAdd();
  };
  const addRecord = async () => {
    try {
      const entity = await api.addEntity(input.value.trim(), type());
      ids.set(titleOf(entity), entity.id);
      input.value = titleOf(entity);
      showAdd();
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.focus();
    } catch (error) {
      trouble.textContent = error instanceof Error ? error.message : String(error);
      trouble.hidden = false;
    }
  };
  const search = () => api.entities(ids.has(input.value) ? "" : input.value).then(offer, () => options.replaceChildren());
  input.addEventListener("input", () => {
    showAdd();
    clearTimeout(timer);
    timer = setTimeout(search, PAUSE);
  });
  input.addEventListener("focus", search, { once: true });
  if (id) nameOf(id, api).then((title) => {
    if (!title || input.value !== id) return;
    ids.set(title, id);
    input.value = input.defaultValue = title;
  });
  return { control: input, extra: [options, add, trouble], read: () => ids.get(input.value) ?? input.value.trim() };
}

/** @param {Entity} entity */
function titleOf({ name, type }) {
  return `${name} (${type})`;
}

/**
 * @param {string} id
 * @param {Api} api
 */
async function nameOf(id, api) {
  const all = await api.entities("").catch(() => []);
  const entity = all.find((each) => each.id === id);
  return entity && titleOf(entity);
}
