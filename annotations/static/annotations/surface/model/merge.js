/** @import { Annotation, FieldValue, Part } from "./types.js" */
/** @import { Failure, Outcome, Write } from "../sync/write-queue.js" */
import { DRAFT, isOpen } from "./states.js";

/**
 * Two people changed one annotation: whose change is which, and whether both can stand.
 *
 * @typedef {{label: string, spans: Part[], fields: Record<string, FieldValue>, relations: {type: string, to: string}[]}} Said
 *   What a version says.
 * @typedef {Partial<Said>} Changes What is left out stays as it is.
 */

const TOUCHY = ["label", "spans"]; // they say what an annotation is: a change of theirs is always asked about

/**
 * @param {Said} annotation
 * @returns {Said}
 */
export function saidBy({ label, spans, fields, relations }) {
  return { label, spans, fields, relations: relations.map(({ type, to }) => ({ type, to })) };
}

/**
 * By name what a version says: `label`, `spans`, each field and each relation apart.
 *
 * @param {Said} said
 * @returns {Map<string, string>}
 */
export function named({ label, spans, fields, relations }) {
  return new Map([
    ["label", label],
    ["spans", JSON.stringify(spans.map(({ start, end }) => [start, end]))],
    ...Object.entries(fields).map(([name, value]) => /** @type {[string, string]} */ ([`fields.${name}`, JSON.stringify(value)])),
    ...relations.map(({ type, to }) => /** @type {[string, string]} */ ([`relations.${type}.${to}`, "there"])),
  ]);
}

/**
 * The names of what differs.
 *
 * @param {Said} before
 * @param {Said} after
 */
export function differing(before, after) {
  const [old, now] = [named(before), named(after)];
  return [...new Set([...old.keys(), ...now.keys()])].filter((name) => old.get(name) !== now.get(name));
}

/**
 * `current` with that which changed between `was` and `mine`.
 *
 * @param {Said} was
 * @param {Said} mine
 * @param {Said} current
 * @returns {Said}
 */
export function merged(was, mine, current) {
  const names = new Set(differing(was, mine));
  const fields = { ...current.fields };
  for (const name of new Set([...Object.keys(was.fields), ...Object.keys(mine.fields)])) {
    if (!names.has(`fields.${name}`)) continue;
    if (name in mine.fields) fields[name] = mine.fields[name];
    else delete fields[name];
  }
  const touched = (/** @type {{type: string, to: string}} */ { type, to }) => names.has(`relations.${type}.${to}`);
  return {
    label: names.has("label") ? mine.label : current.label,
    spans: names.has("spans") ? mine.spans : current.spans,
    fields,
    relations: [...current.relations.filter((each) => !touched(each)), ...mine.relations.filter(touched)].map(({ type, to }) => ({ type, to })),
  };
}

/**
 * What to send so that `mine` stands on top of `current`.
 *
 * @param {Said} mine
 * @param {Said} current
 * @returns {Changes}
 */
export function changesFrom(current, mine) {
  const names = differing(current, mine);
  const any = (/** @type {string} */ prefix) => names.some((name) => name.startsWith(prefix));
  return {
    ...(any("label") && { label: mine.label }),
    ...(any("spans") && { spans: mine.spans }),
    ...(any("fields.") && { fields: mine.fields }),
    ...(any("relations.") && { relations: mine.relations.map(({ type, to }) => ({ type, to })) }),
  };
}

/**
 * What became of an edit that met a newer version.
 *
 * An earlier try of it that arrived is done. Changes of different fields and relations both stand. As soon as
 * either side touched the label or the words, or the version is in review or decided, the editor is asked:
 * a note written for other words, or under another label, may no longer be true.
 *
 * @param {Write} write
 * @param {Failure} failure
 * @returns {Outcome}
 */
export function metNewer(write, failure) {
  const { current } = failure;
  if (!current || !write.was || write.does !== "edit") return { is: "failed", failure };
  const mine = { ...write.was, .../** @type {Changes} */ (write.body) };
  const mineNames = differing(write.was, mine);
  const now = named(current);
  const wanted = named(mine);
  const arrived = mineNames.length > 0 ? mineNames.every((name) => wanted.get(name) === now.get(name)) : current.state === DRAFT;
  if (arrived) return { is: "done", version: current.version };
  if (!bothStand(mineNames, differing(write.was, current), current)) return { is: "failed", failure };
  const both = merged(write.was, mine, current);
  const body = Object.fromEntries(Object.keys(write.body).map((name) => [name, both[/** @type {keyof Said} */ (name)]]));
  return { is: "rebased", base: current.version, body };
}

/**
 * @param {string[]} mine
 * @param {string[]} theirs
 * @param {Annotation} current
 */
export function bothStand(mine, theirs, current) {
  if (theirs.length === 0) return true;
  const touchy = [...mine, ...theirs].some((name) => TOUCHY.includes(name));
  return !touchy && isOpen(current.state) && !mine.some((name) => theirs.includes(name));
}
