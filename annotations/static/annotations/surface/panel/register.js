/** @import { Api } from "../sync/api.js" */
/** @import { Option } from "../ui/combobox.js" */
/** @import { Entity } from "./lookups.js" */
import { Combobox } from "../ui/combobox.js";
import { h } from "../ui/dom.js";
import { recordOf, recordsLike } from "./lookups.js";

const MOST_SHOWN = 12;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * A search for a record of the desk's register, which can be added if it is missing there. What it reads
 * is the record's id, or the words that name none.
 *
 * @param {string} name of the field
 * @param {string} value id of the record chosen so far, or what was typed
 * @param {Api} api
 * @param {() => string} type of a record that is added
 */
export function registerInput(name, value, api, type) {
  const { work } = api.urls;
  /** @type {{id: string, title: string}} */
  let chosen = { id: UUID.test(value) ? value : "", title: "" };
  const box = h("input", { type: "text", dir: "auto", value: chosen.id ? "" : value, placeholder: "Search the register" });
  const trouble = h("p", { className: "field-error", role: "alert", hidden: true });
  const isChosen = () => chosen.id !== "" && box.value === chosen.title;

  /** @param {Entity} entity */
  const take = (entity) => {
    chosen = { id: entity.id, title: titleOf(entity) };
    box.value = chosen.title;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };
  /** @param {string} typed */
  const add = async (typed) => {
    try {
      take(await api.addEntity(typed, type()));
      box.focus();
    } catch (error) {
      trouble.textContent = error instanceof Error ? error.message : String(error);
      trouble.hidden = false;
    }
  };
  /**
   * @param {string} typed
   * @param {AbortSignal} signal
   * @returns {Promise<Option[]>}
   */
  const search = async (typed, signal) => {
    const found = await recordsLike(work, typed, signal);
    const isThere = found.some((entity) => entity.name.toLocaleLowerCase() === typed.toLocaleLowerCase() && entity.type === type());
    const options = found.slice(0, MOST_SHOWN).map((entity) => ({ shows: showing(entity), choose: () => take(entity) }));
    if (typed === "" || isThere) return options;
    return [...options, { shows: [h("span", { className: "option-add", dir: "auto" }, `Add “${typed}” to the register`)], choose: () => add(typed) }];
  };
  const list = new Combobox({ box, title: "Records of the register", typed: () => (isChosen() ? null : box.value.trim()), search });
  box.addEventListener("input", () => (trouble.hidden = true));
  if (chosen.id) recordOf(work, chosen.id).then(
    (entity) => {
      if (box.value !== "") return;
      chosen.title = box.value = entity ? titleOf(entity) : "A deleted record";
    },
    () => box.value === "" && (chosen.title = box.value = "A record whose name could not be loaded"));
  return { control: box, extra: [...list.elements, trouble], read: () => (isChosen() || (chosen.id && box.value === "" && chosen.title === "") ? chosen.id : box.value.trim()) };
}

/** @param {Entity} entity */
function titleOf({ name, type }) {
  return `${name} (${type})`;
}

/** @param {Entity} entity */
function showing({ name, type, aliases, wikidata }) {
  const also = aliases.length > 0 ? `also ${aliases.slice(0, 3).join(", ")}` : "";
  return [
    h("span", { className: "option-name", dir: "auto" }, name),
    h("span", { className: "option-facts", dir: "auto" }, [type, also, wikidata].filter(Boolean).join(" · ")),
  ];
}
