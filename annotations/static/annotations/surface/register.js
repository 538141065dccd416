/** @import { Api, Entity } from "./api.js" */
import { h } from "./dom.js";

const PAUSE = 150; // milliseconds after the last letter

/**
 * A search for a record of the desk's register. What it reads is the record's id.
 *
 * @param {string} name of the field
 * @param {string} id of the record chosen so far
 * @param {Api} api
 */
export function registerInput(name, id, api) {
  /** @type {Map<string, string>} */
  const ids = new Map();
  const options = h("datalist", { id: `register-${name}` });
  const input = h("input", { type: "text", autocomplete: "off", list: options.id, dir: "auto", value: id, placeholder: "Search the register" });
  let timer = 0;

  /** @param {Entity[]} found */
  const offer = (found) => {
    for (const entity of found) ids.set(titleOf(entity), entity.id);
    options.replaceChildren(...found.map((entity) => h("option", { value: titleOf(entity) })));
  };
  const search = () => api.entities(ids.has(input.value) ? "" : input.value).then(offer, () => options.replaceChildren());
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, PAUSE);
  });
  input.addEventListener("focus", search, { once: true });
  if (id) nameOf(id, api).then((title) => {
    if (!title || input.value !== id) return;
    ids.set(title, id);
    input.value = input.defaultValue = title;
  });
  return { control: input, extra: [options], read: () => ids.get(input.value) ?? input.value.trim() };
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
